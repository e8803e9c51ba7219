// SPDX-License-Identifier: BSL-1.0
#include "commands.hpp"
#include "shell.hpp"
#include "table.hpp"

#include <vmwright/xml/domain.hpp>

#include <algorithm>
#include <initializer_list>

#include <strings.h>

namespace
{

struct Row
{
    std::optional<int> id{};
    std::string name{};
    vw::Uuid uuid{};
    vw::RunPhase phase{};
    bool persistent{};
    bool autostart{};
    std::string title{};
};

/// One that does not answer has no state, and does not keep the others from being listed.
auto phase_of(vw::Domain const& domain) -> vw::RunPhase
{
    try {
        return domain.state().phase;
    } catch (vw::Error const&) {
        return vw::RunPhase::no_state;
    }
}

auto row_of(vw::Domain const& domain, bool with_title) -> Row
{
    Row row{.id = domain.id(),
            .name = domain.name(),
            .uuid = domain.uuid(),
            .phase = phase_of(domain),
            .persistent = domain.is_persistent(),
            .autostart = domain.autostart()};
    // It may have ended between the questions.
    if (row.phase == vw::RunPhase::shutoff)
        row.id.reset();
    if (with_title)
        row.title = vw::xml::read_domain(domain.xml()).result.title;
    return row;
}

/// Of the options that name the members of one group, any may hold; of a group that is not named, all do.
class Filter
{
public:
    explicit Filter(Arguments const& arguments)
        : arguments_{arguments}
    {
    }

    [[nodiscard]] auto passes(Row const& row) const -> bool
    {
        auto const running = row.phase == vw::RunPhase::running;
        auto const paused = row.phase == vw::RunPhase::paused;
        auto const off = row.phase == vw::RunPhase::shutoff;
        return is_listed(row) && any({{"persistent", row.persistent}, {"transient", !row.persistent}}) &&
               any({{"state-running", running},
                    {"state-paused", paused},
                    {"state-shutoff", off},
                    {"state-other", !running && !paused && !off}}) &&
               any({{"autostart", row.autostart}, {"no-autostart", !row.autostart}}) &&
               any({{"with-managed-save", false}, {"without-managed-save", true}}) &&
               any({{"with-snapshot", false}, {"without-snapshot", true}}) &&
               any({{"with-checkpoint", false}, {"without-checkpoint", true}});
    }

private:
    struct Member
    {
        std::string_view option{};
        bool holds{};
    };

    [[nodiscard]] auto any(std::initializer_list<Member> members) const -> bool
    {
        auto const given = [&](Member const& member) { return arguments_.has(member.option); };
        return std::ranges::none_of(members, given) ||
               std::ranges::any_of(members, [&](Member const& member) { return given(member) && member.holds; });
    }

    [[nodiscard]] auto is_listed(Row const& row) const -> bool
    {
        if (arguments_.has("all"))
            return true;
        if (arguments_.has("inactive"))
            return !row.id;
        auto const names_a_state = std::ranges::any_of(
            std::initializer_list<std::string_view>{"state-running", "state-paused", "state-shutoff", "state-other"},
            [&](std::string_view option) { return arguments_.has(option); });
        return names_a_state || row.id;
    }

    Arguments const& arguments_;
};

/// Running ones by id, then the others by name.
auto comes_before(Row const& a, Row const& b) -> bool
{
    if (a.id || b.id)
        return a.id && (!b.id || *a.id < *b.id);
    return strcasecmp(a.name.c_str(), b.name.c_str()) < 0;
}

auto id_text(Row const& row) -> std::string
{
    return row.id ? fmt::format("{}", *row.id) : "-";
}

void print_table(Shell const& shell, std::vector<Row> const& rows, bool with_title)
{
    Table table;
    std::vector<std::string> header{"Id", "Name", "State"};
    if (with_title)
        header.emplace_back("Title");
    if (!shell.options().quiet)
        table.header(std::move(header));
    for (auto const& row : rows) {
        std::vector cells{id_text(row), row.name, std::string{to_string(row.phase)}};
        if (with_title)
            cells.push_back(row.title);
        table.row(std::move(cells));
    }
    shell.print("{}", table.text());
}

/// `UUID ID NAME`, as much of it as was asked for.
void print_lines(Shell const& shell, std::vector<Row> const& rows, Arguments const& arguments)
{
    for (auto const& row : rows) {
        std::vector<std::string> words;
        if (arguments.has("uuid"))
            words.push_back(to_string(row.uuid));
        if (arguments.has("id"))
            words.push_back(id_text(row));
        if (arguments.has("name"))
            words.push_back(row.name);
        if (words.size() > 1 || words.front() != "-")
            shell.print("{}\n", fmt::join(words, " "));
    }
}

auto list(Shell& shell, Arguments const& arguments) -> bool
{
    auto const with_lines = arguments.has("name") || arguments.has("uuid") || arguments.has("id");
    for (auto const* const option : {"name", "id", "uuid"})
        arguments.exclude("table", option);
    auto const with_title = arguments.has("title") && !with_lines;

    std::vector<Row> rows;
    Filter const filter{arguments};
    for (auto const& domain : shell.host().domains())
        if (auto row = row_of(domain, with_title); filter.passes(row))
            rows.push_back(std::move(row));
    std::ranges::sort(rows, comes_before);
    if (with_lines)
        print_lines(shell, rows, arguments);
    else
        print_table(shell, rows, with_title);
    return true;
}

} // namespace

auto list_commands() -> std::vector<Command>
{
    return {{.name = "list",
             .summary = "list the domains",
             .description = "Without options, those that run.",
             .options = {flag("inactive", "those that do not run"),
                         flag("all", "those that run and those that do not"),
                         flag("transient", "those without a definition"),
                         flag("persistent", "those with a definition"),
                         flag("with-snapshot", "those with a snapshot"),
                         flag("without-snapshot", "those without one"),
                         flag("with-checkpoint", "those with a checkpoint"),
                         flag("without-checkpoint", "those without one"),
                         flag("state-running", "those whose guest runs"),
                         flag("state-paused", "those that are paused"),
                         flag("state-shutoff", "those that are shut off"),
                         flag("state-other", "those in any other state"),
                         flag("autostart", "those that start with the host"),
                         flag("no-autostart", "those that do not start with the host"),
                         flag("with-managed-save", "those with a saved state"),
                         flag("without-managed-save", "those without one"),
                         flag("uuid", "print the uuids only"),
                         flag("name", "print the names only"),
                         flag("id", "print the ids only"),
                         flag("table", "print a table, as without this option"),
                         flag("managed-save", "mark those with a saved state"),
                         flag("title", "print the titles, too")},
             .run = list}};
}
