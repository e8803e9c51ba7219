// SPDX-License-Identifier: BSL-1.0
#include "affected.hpp"
#include "commands.hpp"
#include "editor.hpp"
#include "shell.hpp"

namespace
{

/// The text that the user makes of this one.
auto edited(std::string_view text) -> std::string
{
    EditedFile const file{text, ".txt"};
    run_editor(file.path());
    return read_file(file.path());
}

/// The title or the description of a domain.
class Note
{
public:
    Note(Shell& shell, Arguments const& arguments, vw::Domain domain)
        : shell_{shell}
        , domain_{std::move(domain)}
        , is_title_{arguments.has("title")}
        , of_definition_{arguments.has("config") && !arguments.has("live")}
    {
    }

    [[nodiscard]] auto what() const -> std::string_view { return is_title_ ? "title" : "description"; }

    [[nodiscard]] auto text() const -> std::string
    {
        if (of_definition_)
            require_definition(domain_);
        auto const config = config_of(domain_, of_definition_ ? vw::DomainXml::inactive : vw::DomainXml::current);
        return is_title_ ? config.title : config.description;
    }

    void set(std::string text, vw::Affects affects) const
    {
        // An editor ends the last line.
        if (is_title_ && text.ends_with('\n'))
            text.pop_back();
        if (affects == vw::Affects::config)
            require_definition(domain_);
        shell_.attempt(fmt::format("Failed to set new domain {}", what()), [&] {
            shell_.require_write("virDomainSetMetadata");
            if (!is_title_)
                return domain_.set_description(text, affects);
            if (text.find('\n') != text.npos)
                throw Refusal{"metadata title can't contain newlines"};
            domain_.set_title(text, affects);
        });
        shell_.tell("Domain {} updated successfully", what());
    }

private:
    Shell& shell_;
    vw::Domain domain_;
    bool is_title_;
    bool of_definition_;
};

auto desc(Shell& shell, Arguments const& arguments) -> bool
{
    auto const affects = affected(arguments).value_or(vw::Affects::current);
    auto const domain = shell.find_domain(arguments);
    Note const note{shell, arguments, domain};
    if (!arguments.has("edit") && !arguments.has("new-desc")) {
        auto const text = note.text();
        if (text.empty())
            shell.tell("No {} for domain: {}", note.what(), domain.name());
        else
            shell.print("{}", text);
        return true;
    }
    auto text = arguments.joined("new-desc");
    if (arguments.has("edit")) {
        auto const before = note.text();
        text = edited(arguments.has("new-desc") ? text : before);
        if (text == before) {
            shell.tell("Domain {} not changed\n", note.what());
            return true;
        }
    }
    note.set(std::move(text), affects);
    return true;
}

auto metadata_of(vw::Domain const& domain, std::string const& uri, Arguments const& arguments) -> std::optional<std::string>
{
    if (arguments.has("live"))
        require_running(domain);
    if (arguments.has("config"))
        require_definition(domain);
    return domain.metadata(uri, arguments.has("config") ? vw::DomainXml::inactive
                                : arguments.has("live") ? vw::DomainXml::live
                                                        : vw::DomainXml::current);
}

auto metadata(Shell& shell, Arguments const& arguments) -> bool
{
    auto const affects = affected(arguments).value_or(vw::Affects::current);
    arguments.exclude("edit", "set");
    arguments.exclude("remove", "set");
    arguments.exclude("remove", "edit");
    auto const edits = arguments.has("edit");
    auto const domain = shell.find_domain(arguments);
    auto const uri = arguments.required_text("uri");
    auto const key = arguments.text("key");
    auto element = arguments.text("set");
    if ((edits || element) && !key)
        throw Refusal{"namespace key is required when modifying metadata"};
    if (arguments.has("remove")) {
        shell.require_write("virDomainSetMetadata");
        domain.remove_metadata(uri, affects);
        shell.tell("Metadata removed\n");
        return true;
    }
    if (edits || element) {
        shell.require_write("virDomainSetMetadata");
        if (edits) {
            auto const before = metadata_of(domain, uri, arguments).value_or("\n");
            element = edited(before);
            if (element == before) {
                shell.tell("Metadata not changed");
                return true;
            }
        }
        domain.set_metadata(uri, *key, *element, affects);
        shell.tell("Metadata modified\n");
        return true;
    }
    if (arguments.has("live") && arguments.has("config"))
        throw Refusal{"Flags 'VIR_DOMAIN_AFFECT_LIVE' and 'VIR_DOMAIN_AFFECT_CONFIG' are mutually exclusive"};
    auto const found = metadata_of(domain, uri, arguments);
    if (!found)
        throw Refusal{"metadata not found: Requested metadata element is not present"};
    shell.print("{}\n", *found);
    return true;
}

} // namespace

auto notes_commands() -> std::vector<Command>
{
    auto const live = flag("live", "of the domain that runs");
    auto const config = flag("config", "of the definition");
    auto const current = flag("current", "of the domain that runs, or the definition of one that does not");
    return {
        {.name = "desc",
         .summary = "print or set the description or title of a domain",
         .description = "An empty one removes it.",
         .options = {which_domain(),
                     live,
                     config,
                     current,
                     flag("title", "the title, which is one line"),
                     flag("edit", "in an editor"),
                     {.name = "new-desc", .takes = Takes::texts, .help = "its words"}},
         .run = desc},
        {.name = "metadata",
         .summary = "print or set a program's own XML in a domain",
         .description = "It is known by the URI of its namespace.",
         .options = {which_domain(), required("uri", "of the namespace"), live, config, current,
                     flag("edit", "in an editor"), text("key", "prefix of the namespace"), text("set", "the new element"),
                     flag("remove", "remove it")},
         .run = metadata},
    };
}
