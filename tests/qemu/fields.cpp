// SPDX-License-Identifier: BSL-1.0
//
// Nothing is read in vain: each field of the domain format that a `map` function names stands in some document of
// tests/data, and there its change makes another command line, another host side or another diagnostic.
#include "catch.hpp"
#include "field_list.hpp"

#include <vmwright/qemu/pipeline.hpp>
#include <vmwright/qemu/profiles.hpp>
#include <vmwright/xml/domain.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <pugixml.hpp>

#include <algorithm>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <sstream>

using namespace vmwright;

namespace
{

/// An attribute, or the text of an element, or an element that says yes by being there.
struct Leaf
{
    pugi::xml_node element{};
    pugi::xml_attribute attribute{};
    std::string node{}; ///< of the element, as diagnostics name it, without the positions that are 1
};

using Leaves = std::map<std::string, std::vector<Leaf>>;

void leaves_of(pugi::xml_node element, std::string const& prefix, std::string const& node, Leaves& found)
{
    found[prefix].push_back({element, {}, node});
    for (auto const attribute : element.attributes())
        found[fmt::format("{}/@{}", prefix, attribute.name())].push_back({element, attribute, node});
    std::map<std::string, int> positions;
    for (auto const child : element.children()) {
        if (child.type() != pugi::node_element)
            continue;
        auto const position = ++positions[child.name()];
        auto name = fmt::format("{}/{}", node, child.name());
        if (position > 1)
            name += fmt::format("[{}]", position);
        leaves_of(child, fmt::format("{}/{}", prefix, child.name()), name, found);
    }
}

auto leaves_of(pugi::xml_document const& document) -> Leaves
{
    Leaves found;
    leaves_of(document.document_element(), "domain", "/domain", found);
    return found;
}

auto text_of(pugi::xml_document const& document) -> std::string
{
    std::ostringstream out;
    document.save(out, "", pugi::format_raw | pugi::format_no_declaration);
    return out.str();
}

auto value_of(Leaf const& leaf) -> std::string
{
    return leaf.attribute ? leaf.attribute.value() : leaf.element.text().get();
}

void set_value(Leaf leaf, std::string const& value)
{
    if (leaf.attribute)
        leaf.attribute.set_value(value.c_str());
    else
        leaf.element.text().set(value.c_str());
}

auto text_without(pugi::xml_document const& document, Leaf const& leaf) -> std::string
{
    std::vector<std::ptrdiff_t> way; // from the root, as positions among children
    for (auto node = leaf.element; node.parent(); node = node.parent())
        way.push_back(std::distance(node.parent().begin(), pugi::xml_node_iterator{node}));
    pugi::xml_document copy;
    copy.reset(document);
    pugi::xml_node node = copy;
    for (auto step = way.rbegin(); step != way.rend(); ++step)
        node = *std::next(node.begin(), *step);
    if (leaf.attribute)
        node.remove_attribute(leaf.attribute.name());
    else
        node.parent().remove_child(node);
    return text_of(copy);
}

/// All that comes of a document; nothing of one that cannot be read.
struct Outcome
{
    std::string all{};
    std::set<std::string> told{}; ///< nodes that are refused or ignored, and so everything in them
};

/// The element that a diagnostic is about: a type that is refused is so with all that it has.
auto element_of(std::string node) -> std::string
{
    for (auto at = node.find("[1]"); at != std::string::npos; at = node.find("[1]", at))
        node.erase(at, 3);
    constexpr std::string_view type = "/@type";
    if (node.ends_with(type))
        node.erase(node.size() - type.size());
    return node;
}

auto outcome_of(std::string const& text) -> std::optional<Outcome>
{
    static std::map<std::string, qemu::Capabilities> profiles;
    auto const parsed = xml::read_domain(text);
    if (parsed.has_errors())
        return std::nullopt;
    auto const name = std::string{qemu::shipped_profile(qemu::emulator_arch(parsed.result))};
    if (name.empty())
        return std::nullopt;
    if (!profiles.contains(name))
        profiles.emplace(name, qemu::load_capabilities(qemu::profile_text(name)).value());
    auto facts = qemu::debian12();
    facts.utc_offset = 3600; // where local time is not that of UTC
    auto const plan = qemu::plan(parsed.result, profiles.at(name), facts);
    Outcome outcome;
    for (auto const& diagnostic : plan.diagnostics) {
        outcome.all += fmt::format("{} {}\n", diagnostic.node, diagnostic.message);
        if (diagnostic.severity == Severity::error || diagnostic.fault == Fault::ignored ||
            diagnostic.fault == Fault::not_supported_yet)
            outcome.told.insert(element_of(diagnostic.node));
    }
    if (plan.has_errors())
        return outcome;
    for (auto const& argument : qemu::arguments(plan.result))
        outcome.all += argument + '\n';
    for (auto const& variable : plan.result.environment)
        outcome.all += variable + '\n';
    for (auto const& directory : plan.result.directories)
        outcome.all += directory + '\n';
    auto const add_options = [&](std::string const& program, std::vector<qemu::Option> const& options) {
        outcome.all += program + '\n';
        for (auto const& option : options)
            outcome.all += fmt::format("{} {}\n", option.name, qemu::argument_text(option).value_or(""));
    };
    for (auto const& helper : plan.result.helpers) {
        add_options(helper.program, helper.options);
        for (auto const& step : helper.steps)
            add_options(step.program, step.options);
    }
    for (auto const& file : plan.result.files)
        outcome.all += fmt::format("{} {} {}\n", file.path, file.copy_of, file.text);
    return outcome;
}

/// Other values that the field may have: those of other documents, and what is near the one it has.
auto others(std::string const& value, std::set<std::string> const& seen) -> std::vector<std::string>
{
    std::vector<std::string> list;
    for (auto const* pair : {"on off", "yes no"}) {
        auto const words = std::string_view{pair};
        auto const [first, second] = std::pair{words.substr(0, words.find(' ')), words.substr(words.find(' ') + 1)};
        if (value == first || value == second)
            list.emplace_back(value == first ? second : first);
    }
    constexpr std::size_t enough = 8;
    for (auto const& other : seen)
        if (other != value && list.size() < enough)
            list.push_back(other);
    if (!value.empty() && value.find_first_not_of("0123456789") == std::string::npos && value.size() < 10)
        list.push_back(std::to_string(std::stoul(value) + 1));
    list.push_back(value + "x");
    list.push_back(value + "1");
    if (!value.empty()) { // of a number with a base, a uuid or an address, the next one
        auto next = value;
        next.back() = value.back() == '1' ? '2' : '1';
        list.push_back(next);
    }
    return list;
}

/// Fields whose effect is not to be seen in a plan, each with why. A name that ends in a space stands for all of its type.
struct Exemption
{
    std::string_view why{};
    std::vector<std::string_view> fields{};
};

auto exemptions() -> std::vector<Exemption> const&
{
    static std::vector<Exemption> const list{
        {.why = "for people", .fields = {"DomainConfig title", "DomainConfig description", "DomainConfig metadata"}},
        {.why = "a running domain tells it",
         .fields = {"BackingStore @index", "SourceOptions @index", "Console @tty", "Channel target/@state", "CacheTune @id",
                    "InterfaceGuest @actual"}},
        {.why = "QEMU is told over the monitor when it runs",
         .fields = {"IoTune ", "Interface link/@state", "Memballoon stats/@period", "VncGraphics @connected",
                    "SpiceGraphics @connected"}},
        {.why = "a start chooses, refuses or leaves out by it",
         .fields = {"Disk source/@startupPolicy", "Hostdev @managed", "HostdevNetwork @managed", "VsockCid @auto",
                    "EmulatedTpm encryption/@secret", "ScsiHostAddress @target", "ScsiHostAddress @unit"}},
        {.why = "undefine keeps the state by it", .fields = {"EmulatedTpm @persistent_state"}},
        {.why = "snapshots go by it", .fields = {"Disk @snapshot"}},
        {.why = "a network or a tap has it; the host refuses to start a domain with one as yet",
         .fields = {"BandwidthRate ",
                    "FilterParameter ",
                    "FilterRef ",
                    "VirtualPortParameters ",
                    "VlanTag ",
                    "Interface @trustGuestRxFilters",
                    "Interface coalesce/rx/frames/@max",
                    "Interface downscript/@path",
                    "Interface script/@path",
                    "Interface mac/@check",
                    "Interface mac/@type",
                    "Interface port/@isolated",
                    "InterfaceBackend @tap",
                    "InterfaceBackend @vhost",
                    "InterfaceIp @family",
                    "InterfaceIp @peer",
                    "InterfaceRoute ",
                    "InterfaceTarget @dev",
                    "InterfaceTarget @managed",
                    "NetworkNetwork source/@portgroup"}},
        {.why = "there is one word for it",
         .fields = {"AcpiTable @type", "ExternalTpm source/@mode", "ExternalTpm source/@type", "HostUsbAddress @type",
                    "Hub @type", "NvmeSource source/@type", "Redirdev @bus", "ReservationsSource @type",
                    "StorageSlice @type", "VhostUserNetwork source/@type", "VhostUserSource source/@type"}},
        {.why = "libvirt takes it, and its QEMU is not told either",
         .fields = {"Console target/@port", "Parallel target/@port", "CpuModel @fallback", "Vcpus @placement",
                    "NumaMemory @placement", "Features hap/@state", "Features pae"}},
    };
    return list;
}

auto is_exempt(std::string_view field) -> bool
{
    return std::ranges::any_of(exemptions(), [&](Exemption const& exemption) {
        return std::ranges::any_of(exemption.fields, [&](std::string_view name) {
            return name.ends_with(' ') ? field.starts_with(name) : field == name;
        });
    });
}

class Walk
{
public:
    Walk()
    {
        for (auto const& [field, places] : fields_of_domain())
            if (!is_exempt(field))
                for (auto const& place : places)
                    fields_[place].insert(field);
        for (auto const& [place, fields] : fields_)
            missing_.insert(fields.begin(), fields.end());
        idle_ = missing_;
    }

    void add(std::filesystem::path const& path)
    {
        auto& document = documents_.emplace_back();
        if (!document.load_file(path.c_str()) || std::string_view{document.document_element().name()} != "domain") {
            documents_.pop_back();
            return;
        }
        for (auto const& [field, places] : leaves_of(document))
            if (auto const known = fields_.find(field); known != fields_.end()) {
                for (auto const& name : known->second)
                    missing_.erase(name);
                for (auto const& place : places)
                    values_[field].insert(value_of(place));
            }
    }

    /// Tries each field where it stands, until one change of it is seen.
    void run()
    {
        for (auto& document : documents_) {
            auto leaves = leaves_of(document);
            std::erase_if(leaves, [&](auto const& entry) { return !is_idle(entry.first); });
            if (leaves.empty())
                continue;
            auto const before = outcome_of(text_of(document));
            if (!before)
                continue;
            for (auto const& entry : leaves)
                if (std::ranges::any_of(entry.second, [&](Leaf const& leaf) {
                        return is_told(leaf, before->told) || has_effect(document, leaf, entry.first, before->all);
                    }))
                    for (auto const& name : fields_.at(entry.first))
                        idle_.erase(name);
        }
    }

    [[nodiscard]] auto missing() const -> std::set<std::string> const& { return missing_; }
    [[nodiscard]] auto idle() const -> std::set<std::string> const& { return idle_; }

private:
    [[nodiscard]] auto is_idle(std::string const& place) const -> bool
    {
        auto const known = fields_.find(place);
        return known != fields_.end() &&
               std::ranges::any_of(known->second, [&](auto const& name) { return idle_.contains(name); });
    }

    static auto is_told(Leaf const& leaf, std::set<std::string> const& told) -> bool
    {
        auto const node =
            leaf.attribute ? fmt::format("{}/@{}", leaf.node, leaf.attribute.name()) : fmt::format("{}/", leaf.node);
        return std::ranges::any_of(told, [&](std::string const& element) {
            return element != "/domain" && (node == element || node.starts_with(element + "/"));
        });
    }

    auto has_effect(pugi::xml_document& document, Leaf const& leaf, std::string const& field, std::string const& before)
        -> bool
    {
        auto const value = value_of(leaf);
        auto const differs = [&] {
            auto const after = outcome_of(text_of(document));
            return after && after->all != before;
        };
        for (auto const& other : others(value, values_[field])) {
            set_value(leaf, other);
            auto const found = differs();
            set_value(leaf, value);
            if (found)
                return true;
        }
        auto const after = outcome_of(text_without(document, leaf));
        return after && after->all != before;
    }

    std::deque<pugi::xml_document> documents_{};
    std::map<std::string, std::set<std::string>> fields_{}; ///< by place
    std::set<std::string> missing_{};
    std::set<std::string> idle_{};
    std::map<std::string, std::set<std::string>> values_{};
};

} // namespace

TEST_CASE("each field that is read changes the command line, the host or a diagnostic")
{
    Walk walk;
    for (auto const& entry : std::filesystem::directory_iterator{std::filesystem::path{VMWRIGHT_TEST_DATA} / "argv"})
        if (entry.path().extension() == ".xml")
            walk.add(entry.path());
    for (auto const& entry : std::filesystem::directory_iterator{std::filesystem::path{VMWRIGHT_TEST_DATA} / "fields"})
        walk.add(entry.path());
    walk.run();
    INFO("no document sets: " << fmt::format("{}", fmt::join(walk.missing(), ", ")));
    INFO("changes nothing: " << fmt::format("{}", fmt::join(walk.idle(), ", ")));
    CHECK(walk.missing().empty());
    CHECK(walk.idle().empty());
}
