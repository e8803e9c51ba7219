// SPDX-License-Identifier: BSL-1.0
//
// Nothing is read in vain: each field of the domain format that a `map` function names stands in some document of
// tests/data, and there its change makes another command line, another host side or another diagnostic.
#include "catch.hpp"

#include <vmwright/qemu/pipeline.hpp>
#include <vmwright/qemu/profiles.hpp>
#include <vmwright/xml/detail/archive.hpp>
#include <vmwright/xml/domain.hpp>
#include <vmwright/xml/impl/domain.ipp>

#include <fmt/format.h>
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
#include <typeindex>

using namespace vmwright;

namespace vmwright::inline v0::xml::detail
{

/// Collects the place of every field, as "domain/devices/disk/target/@dev". One of the archives that a `map` function is
/// called with.
class Fields : public Archive<Fields>
{
    friend class Archive<Fields>;

public:
    Fields(std::set<std::string>& found, std::string prefix, std::vector<std::type_index> inside = {})
        : found_{found}
        , prefix_{std::move(prefix)}
        , inside_{std::move(inside)}
    {
    }

    void flag(std::string_view path, bool) { add(path); }
    void state(std::string_view path, std::optional<bool>) { add(fmt::format("{}/@state", path)); }
    void stated(std::string_view path, std::optional<bool> field) { state(path, field); }

    template <class V>
    void choice(std::string_view path, V const& field, std::span<std::string_view const> names,
                std::span<std::string_view const> = {})
    {
        pick(path, field, names);
        picked(field);
    }

    template <class V>
    void pick(std::string_view path, V const&, std::span<std::string_view const>, std::span<std::string_view const> = {})
    {
        add(path);
    }

    template <class... A>
    void picked(std::variant<A...> const&)
    {
        (visit(A{}), ...);
    }
    template <class V>
    void picked(std::optional<V> const&)
    {
        picked(V{});
    }

    template <class T>
    void scaled(std::string_view path, T const&, std::string_view = {}, std::string_view = {})
    {
        add(path);
    }
    template <class T>
    void pretty(std::string_view path, T const&, std::string_view = {})
    {
        add(path);
    }
    void live_only(std::string_view) {}
    template <class T>
    void name_space(std::string_view, std::string_view, T const&)
    {
    }
    void raw(std::string_view name, std::optional<std::string> const&) { add(name); }
    void required(std::string_view, std::string_view) {}

private:
    void add(std::string_view path) { found_.insert(join(path)); }

    [[nodiscard]] auto join(std::string_view path) const -> std::string
    {
        if (path == ".")
            return prefix_;
        return fmt::format("{}/{}", prefix_, path.ends_with("/.") ? path.substr(0, path.size() - 2) : path);
    }

    template <class T, class C>
    void scalar(std::string_view path, T const&, C const&)
    {
        add(path);
    }

    template <class T>
    void group(std::string_view path, T const&)
    {
        if constexpr (is_optional<T>)
            nested<typename T::value_type>(path);
        else
            nested<T>(path);
    }

    template <class T, class... C>
    void list(std::string_view path, T const&, C const&...)
    {
        if constexpr (sizeof...(C) != 0 || Scalar<typename T::value_type>)
            add(path);
        else
            nested<typename T::value_type>(path);
    }

    /// A kind of value in itself, as the backing store of a disk, is walked once.
    template <class T>
    void nested(std::string_view path)
    {
        auto inside = inside_;
        if (std::ranges::find(inside, std::type_index{typeid(T)}) != inside.end())
            return;
        inside.emplace_back(typeid(T));
        Fields fields{found_, join(path), std::move(inside)};
        T value{};
        map(fields, value);
    }

    template <class T>
    void visit(T value)
    {
        map(*this, value);
    }

    std::set<std::string>& found_;
    std::string prefix_;
    std::vector<std::type_index> inside_;
};

} // namespace vmwright::inline v0::xml::detail

namespace
{

auto fields_of_format() -> std::set<std::string>
{
    std::set<std::string> found;
    xml::detail::Fields fields{found, "domain"};
    DomainConfig config;
    xml::detail::map(fields, config);
    return found;
}

/// An attribute, or the text of an element, or an element that says yes by being there.
struct Leaf
{
    pugi::xml_node element{};
    pugi::xml_attribute attribute{};
};

using Leaves = std::map<std::string, std::vector<Leaf>>;

void leaves_of(pugi::xml_node element, std::string const& prefix, Leaves& found)
{
    auto const path = prefix.empty() ? std::string{element.name()} : fmt::format("{}/{}", prefix, element.name());
    found[path].push_back({element, {}});
    for (auto const attribute : element.attributes())
        found[fmt::format("{}/@{}", path, attribute.name())].push_back({element, attribute});
    for (auto const child : element.children())
        if (child.type() == pugi::node_element)
            leaves_of(child, path, found);
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
    std::set<std::string> ignored{}; ///< nodes of which a diagnostic says so, without positions
};

auto without_positions(std::string_view node) -> std::string
{
    std::string text;
    auto depth = 0;
    for (auto const c : node.substr(node.starts_with('/') ? 1 : 0)) {
        depth += c == '[';
        if (depth == 0)
            text += c;
        depth -= c == ']';
    }
    return text;
}

auto outcome_of(std::string const& text) -> std::optional<Outcome>
{
    static std::map<std::string, qemu::Capabilities> profiles;
    auto const parsed = xml::read_domain(text);
    if (parsed.has_errors())
        return std::nullopt;
    auto const name = std::string{qemu::shipped_profile(qemu::emulator_arch(parsed.result))};
    if (!profiles.contains(name))
        profiles.emplace(name, qemu::load_capabilities(qemu::profile_text(name)).value());
    auto const plan = qemu::plan(parsed.result, profiles.at(name), qemu::debian12());
    Outcome outcome;
    for (auto const& diagnostic : plan.diagnostics) {
        outcome.all += fmt::format("{} {}\n", diagnostic.node, diagnostic.message);
        if (diagnostic.fault == Fault::ignored)
            outcome.ignored.insert(without_positions(diagnostic.node));
    }
    if (plan.has_errors())
        return outcome;
    for (auto const& argument : qemu::arguments(plan.result))
        outcome.all += argument + '\n';
    for (auto const& variable : plan.result.environment)
        outcome.all += variable + '\n';
    for (auto const& directory : plan.result.directories)
        outcome.all += directory + '\n';
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
    return list;
}

/// What a title, a host's way of doing things or a running guest's past means nothing for the next start.
auto is_exempt(std::string_view field) -> bool
{
    constexpr std::string_view list[] = {
        "domain/title",
        "domain/description",
        "domain/metadata",
    };
    return std::ranges::find(list, field) != std::end(list);
}

class Walk
{
public:
    Walk()
        : missing_{fields_of_format()}
    {
        std::erase_if(missing_, is_exempt);
        idle_ = missing_;
    }

    void add(std::filesystem::path const& path)
    {
        auto& document = documents_.emplace_back();
        if (!document.load_file(path.c_str()) || std::string_view{document.document_element().name()} != "domain") {
            documents_.pop_back();
            return;
        }
        Leaves leaves;
        leaves_of(document.document_element(), {}, leaves);
        for (auto const& [field, places] : leaves)
            if (missing_.erase(field) != 0 || idle_.contains(field))
                for (auto const& place : places)
                    values_[field].insert(value_of(place));
    }

    /// Tries each field where it stands, until one change of it is seen.
    void run()
    {
        for (auto& document : documents_) {
            Leaves leaves;
            leaves_of(document.document_element(), {}, leaves);
            std::erase_if(leaves, [&](auto const& entry) { return !idle_.contains(entry.first); });
            if (leaves.empty())
                continue;
            auto const before = outcome_of(text_of(document));
            if (!before)
                continue;
            for (auto const& [field, places] : leaves)
                if (is_told(field, before->ignored) || std::ranges::any_of(places, [&](Leaf const& leaf) {
                        return has_effect(document, leaf, field, before->all);
                    }))
                    idle_.erase(field);
        }
    }

    [[nodiscard]] auto missing() const -> std::set<std::string> const& { return missing_; }
    [[nodiscard]] auto idle() const -> std::set<std::string> const& { return idle_; }

private:
    static auto is_told(std::string_view field, std::set<std::string> const& ignored) -> bool
    {
        return std::ranges::any_of(ignored, [&](std::string const& node) {
            return field.starts_with(node) && (field.size() == node.size() || field[node.size()] == '/');
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
    walk.run();
    CHECK(walk.missing() == std::set<std::string>{});
    CHECK(walk.idle() == std::set<std::string>{});
}
