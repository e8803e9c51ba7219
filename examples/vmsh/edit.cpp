// SPDX-License-Identifier: BSL-1.0
#include "commands.hpp"
#include "domain_text.hpp"
#include "editor.hpp"
#include "shell.hpp"
#include "terminal.hpp"

#include <cctype>

#include <unistd.h>

namespace
{

constexpr auto changed_meanwhile = "The XML configuration was changed by another user.";

enum class Answer
{
    edit_again,
    give_up,
    without_validation,
    by_force,
};

/// Asks on the terminal until an answer is one.
auto ask(Shell const& shell, std::string_view failure, bool validates) -> Answer
{
    auto const keys = validates ? "[y,n,i,f,?]" : "[y,n,f,?]";
    for (;;) {
        shell.print("{} Try again? {}: ", failure, keys);
        std::fflush(stdout);
        char key{};
        {
            RawTerminal const raw;
            if (read(STDIN_FILENO, &key, 1) != 1)
                key = 'n';
        }
        switch (std::tolower(static_cast<unsigned char>(key))) {
        case 'y': shell.print("\n"); return Answer::edit_again;
        case 'n': shell.print("\n"); return Answer::give_up;
        case 'f': shell.print("\n"); return Answer::by_force;
        case 'i':
            if (!validates)
                break;
            shell.print("\n");
            return Answer::without_validation;
        case '?':
            shell.print("\ny - yes, start editor again\nn - no, throw away my changes\n");
            if (validates)
                shell.print("i - turn off validation and try to redefine again\n");
            shell.print("f - force, try to redefine again\n? - print this help\n");
            break;
        default: break;
        }
    }
}

/// One domain's definition on its way through the editor.
class Editing
{
public:
    Editing(Shell& shell, vw::Domain domain, bool validates)
        : shell_{shell}
        , domain_{std::move(domain)}
        , validates_{validates}
        , before_{current()}
        , file_{before_, ".xml"}
    {
    }

    auto run() -> bool
    {
        run_editor(file_.path());
        for (;;) {
            auto const text = read_file(file_.path());
            if (text == before_) {
                shell_.tell("Domain '{}' XML configuration not changed.\n", domain_.name());
                return true;
            }
            auto failure = commit(text);
            if (failure.empty()) {
                shell_.tell("Domain '{}' XML configuration edited.\n", domain_.name());
                return true;
            }
            if (!has_terminal()) {
                file_.keep();
                failure.push_back(fmt::format("your text is kept in {}", file_.path()));
                throw Refusal{std::move(failure)};
            }
            if (!try_again(failure))
                return false;
        }
    }

private:
    /// What a definition edits: the stored text, or what a transient domain runs with.
    [[nodiscard]] auto current() const -> std::string
    {
        return domain_.is_persistent() ? domain_.definition() : domain_.xml(vw::DomainXml::inactive);
    }

    /// What is wrong with the text; nothing when it is the definition now.
    auto commit(std::string const& text) -> std::vector<std::string>
    {
        try {
            auto const parsed = read_domain_text(text, validates_);
            with_places(parsed.document, [&] { redefine(parsed.result, text); });
            return {};
        } catch (vw::Error const& error) {
            if (error.code() == vw::Errc::wrong_state)
                return {changed_meanwhile};
            return reasons(error, file_.path());
        }
    }

    void redefine(vw::DomainConfig const& config, std::string const& text)
    {
        auto const is_same = config.name == domain_.name() && config.uuid.value_or(domain_.uuid()) == domain_.uuid();
        if (!is_same || !domain_.is_persistent())
            shell_.host().define_xml(text);
        else
            domain_.redefine(text, by_force_ ? domain_.definition() : before_);
    }

    /// Acts on the user's answer; false when they give up.
    auto try_again(std::vector<std::string> const& failure) -> bool
    {
        auto const was_changed = failure.front() == changed_meanwhile;
        if (!was_changed)
            for (auto const& line : failure)
                print_error(line);
        switch (ask(shell_, was_changed ? changed_meanwhile : "Failed.", validates_)) {
        case Answer::edit_again: run_editor(file_.path()); break;
        case Answer::without_validation: validates_ = false; break;
        case Answer::by_force: by_force_ = true; break;
        case Answer::give_up: return false;
        }
        return true;
    }

    Shell& shell_;
    vw::Domain domain_;
    bool validates_;
    bool by_force_{};
    std::string before_;
    EditedFile file_;
};

auto edit(Shell& shell, Arguments const& arguments) -> bool
{
    auto const domain = shell.find_domain(arguments);
    if (shell.options().read_only)
        throw Refusal{"operation forbidden: virDomainGetXMLDesc with secure flag"};
    return Editing{shell, domain, !arguments.has("skip-validate")}.run();
}

} // namespace

auto edit_commands() -> std::vector<Command>
{
    return {{.name = "edit",
             .summary = "change the definition of a domain in an editor",
             .description = "$VISUAL, else $EDITOR, else vi. Comments and layout are kept. A text that is refused can be\n"
                            "edited again; without a terminal to ask on, it is kept in its file.",
             .options = {which_domain(), flag("skip-validate", "accept what the format does not know")},
             .run = edit}};
}
