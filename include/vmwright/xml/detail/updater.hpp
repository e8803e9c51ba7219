// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/detail/edits.hpp>
#include <vmwright/xml/detail/identity.hpp>
#include <vmwright/xml/detail/reader.hpp>
#include <vmwright/xml/detail/writer.hpp>

#include <memory>

namespace vmwright::inline v0::xml::detail
{

/// Collects the paths that a `map` function mentions.
class Names
{
public:
    template <class T, class... C>
    void operator()(std::string_view path, T const&, C const&...)
    {
        add(path);
    }
    void flag(std::string_view path, bool) { add(path); }
    void state(std::string_view path, std::optional<bool>) { add(path); }
    void stated(std::string_view path, std::optional<bool>) { add(path); }
    template <class V>
    void choice(std::string_view path, V const&, std::span<std::string_view const>, std::span<std::string_view const> = {})
    {
        add(path);
    }
    template <class V>
    void pick(std::string_view path, V const&, std::span<std::string_view const>, std::span<std::string_view const> = {})
    {
        add(path);
    }
    template <class V>
    void picked(V const&)
    {
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
    void with_end_tag() {}
    template <class V>
    void either(std::string_view path, std::string_view, V const&)
    {
        add(path);
    }
    template <class T>
    void sequence(std::vector<T> const&, std::span<std::string_view const> names)
    {
        for (auto const name : names)
            add(name);
    }

    template <class T>
    void name_space(std::string_view, std::string_view, T const&)
    {
    }
    void raw(std::string_view name, std::optional<std::string> const&) { add(name); }
    void required(std::string_view, std::string_view) {}
    void expected(std::string_view, std::string_view) {}
    void not_yet(std::span<std::string_view const>) {}

    std::vector<std::string_view> list{};

private:
    void add(std::string_view path) { list.push_back(path); }
};

/// Elements that an element of the text gets.
class NewElements
{
public:
    explicit NewElements(pugi::xml_node parent)
        : parent_{parent}
        , document_{std::make_unique<pugi::xml_document>()}
    {
        document_->append_child("x");
    }

    [[nodiscard]] auto parent() const { return parent_; }
    /// Where they are written.
    [[nodiscard]] auto written() const -> pugi::xml_node { return document_->first_child(); }
    /// Those written after `before` go behind that element of the text.
    void note(pugi::xml_node before, pugi::xml_node behind);
    void insert(Edits& edits) const;

private:
    pugi::xml_node parent_;
    std::unique_ptr<pugi::xml_document> document_;
    std::vector<std::pair<pugi::xml_node, pugi::xml_node>> list_{}; ///< behind which, what
};

/// Turns the difference between an element and a value into edits; what the value's type does not know stays.
/// One of the archives that a `map` function is called with.
class Updater : public Archive<Updater>
{
    friend class Archive<Updater>;

public:
    Updater(Edits& edits, Document const& document, pugi::xml_node element)
        : edits_{edits}
        , document_{document}
        , element_{element}
    {
    }

    Updater(Updater const&) = delete;
    auto operator=(Updater const&) -> Updater& = delete;
    ~Updater();

    void flag(std::string_view path, bool field);
    void state(std::string_view path, std::optional<bool> field);
    void stated(std::string_view path, std::optional<bool> field) { state(path, field); }

    template <class... A>
    void choice(std::string_view path, std::variant<A...> const& field, std::span<std::string_view const> names,
                std::span<std::string_view const> = {})
    {
        pick(path, field, names);
        picked(field);
    }

    template <class... A>
    void choice(std::string_view path, std::optional<std::variant<A...>> const& field,
                std::span<std::string_view const> names, std::span<std::string_view const> = {})
    {
        std::optional<std::variant<A...>> old;
        reader([&](Reader& read) { read.choice(path, old, names); });
        if (old && !field) {
            remove(path);
            Names gone;
            std::visit([&](auto const& alternative) { map(gone, alternative); }, *old);
            for (auto const name : gone.list) // a path into an element takes the element along
                remove(Path{name}.elements.empty() ? name : Path{name}.elements);
        } else if (field && !old) {
            set_text(path, names[field->index()]);
            picked(*field);
        } else if (field)
            choice(path, *field, names);
    }

    template <class... A>
    void pick(std::string_view path, std::variant<A...> const& field, std::span<std::string_view const> names,
              std::span<std::string_view const> = {})
    {
        std::variant<A...> old;
        reader([&](Reader& read) { read.choice(path, old, names); });
        if (old.index() != field.index()) {
            forget(old, field);
            if (auto const word = names[field.index()]; word.empty())
                remove(path);
            else
                set_text(path, word);
        }
    }

    template <class... A>
    void picked(std::variant<A...> const& field)
    {
        std::visit([this](auto const& alternative) { map(*this, alternative); }, field);
    }

    template <class A, class B>
    void either(std::string_view path, std::string_view attribute, std::optional<std::variant<A, B>> const& field)
    {
        std::optional<std::variant<A, B>> old;
        reader([&](Reader& read) { read.either(path, attribute, old); });
        auto const child = find(path).element;
        if (old && field && old->index() == field->index())
            return Updater{edits_, document_, child}.picked(*field);
        if (child)
            edits_.remove_element(child);
        if (field)
            write_new(path, [&](Writer& write, auto to) { write.either(to, attribute, field); });
    }

    template <class T>
    void sequence(std::vector<T> const& field, std::span<std::string_view const> names)
    {
        std::vector<T> old;
        reader([&](Reader& read) { read.sequence(old, names); });
        std::vector<pugi::xml_node> present;
        for (auto const child : element_.children())
            if (child.type() == pugi::node_element &&
                std::ranges::find(names, std::string_view{child.name()}) != names.end())
                present.push_back(child);
        auto partner = match(old, field);
        // what would have to move or change its name is taken out, and comes in anew
        for (std::size_t i = 0, next = 0; i < field.size(); ++i) {
            if (partner[i] != no_partner && (partner[i] < next || tag_of(old[partner[i]]) != tag_of(field[i])))
                partner[i] = no_partner;
            if (partner[i] != no_partner)
                next = partner[i] + 1;
        }
        for (std::size_t i = 0; i < old.size(); ++i)
            if (std::ranges::find(partner, i) == partner.end())
                edits_.remove_element(present[i]);
        for (std::size_t i = 0; i < field.size(); ++i) {
            if (partner[i] == no_partner) {
                write_new({}, [&](Writer& write, auto) { write.sequence(std::vector<T>{field[i]}, names); });
                continue;
            }
            passed_ = present[partner[i]];
            update(passed_, field[i]);
        }
        if (!present.empty() && field.empty())
            passed_ = present.back();
    }

    void with_end_tag() {}

    template <class T>
    void scaled(std::string_view path, T const& field, std::string_view default_unit = "KiB", std::string_view unit = {})
    {
        T old{};
        reader([&](Reader& read) { read.scaled(path, old, default_unit); });
        auto const place = find(path);
        if (old == field)
            return;
        if constexpr (is_optional<T>) {
            if (!field)
                return remove(path);
            set_scaled(path, place, *field, default_unit,
                       [&](Writer& write, auto to) { write.scaled(to, *field, default_unit, unit); });
        } else
            set_scaled(path, place, field, default_unit,
                       [&](Writer& write, auto to) { write.scaled(to, field, default_unit, unit); });
    }

    template <class T>
    void pretty(std::string_view path, T const& field, std::string_view default_unit = "KiB")
    {
        scaled(path, field, default_unit);
    }

    void live_only(std::string_view) {}

    template <class T>
    void name_space(std::string_view prefix, std::string_view uri, T const& field)
    {
        T old{};
        reader([&](Reader& read) { read(".", old); });
        auto const declaration = fmt::format("xmlns:{}", prefix);
        if (!(field == old) && !attribute_named(element_, declaration))
            edits_.set_attribute(element_, declaration, uri);
    }

    void raw(std::string_view name, std::optional<std::string> const& field);

    void required(std::string_view, std::string_view) {}
    void expected(std::string_view, std::string_view) {}
    void not_yet(std::span<std::string_view const>) {}

private:
    struct Place
    {
        pugi::xml_node owner{};   ///< the element that has it or would have it; null when a step before is missing
        pugi::xml_node element{}; ///< the element itself, for paths that end in one
    };

    /// Reads what the text says now, without a word about faults.
    template <class Read>
    void reader(Read read)
    {
        ReadContext silent{document_, nullptr};
        Reader archive{silent, document_, element_};
        read(archive);
    }

    /// Writes into elements that are not in the text yet; they are put behind the last element passed. Those that the
    /// path begins with and that are there get what is new in them.
    template <class Write>
    void write_new(std::string_view path, Write write)
    {
        auto& place = place_of_new(path);
        auto const before = place.written().last_child();
        Writer archive{place.written()};
        write(archive, path);
        place.note(before, place.parent() == element_ ? passed_ : last_like(place.parent(), path));
    }

    template <class T, class C>
    void scalar(std::string_view path, T const& field, C const& codec)
    {
        T old{};
        reader([&](Reader& read) { read(path, old, codec); });
        auto const place = find(path);
        if (old == field)
            return;
        if (!is_said(field))
            return remove(path);
        if (!place.owner || (!place.element && !path_is_attribute(path)))
            return write_new(path, [&](Writer& write, auto to) { write(to, field, codec); });
        if constexpr (is_optional<T>)
            set_text(path, codec.format(*field));
        else
            set_text(path, codec.format(field));
    }

    template <class T>
    void group(std::string_view path, T const& field)
    {
        auto const child = path == "." ? element_ : find(path).element;
        if (!child) {
            if (field != T{}) // what is not there reads as the default
                write_new(path, [&](Writer& write, auto to) { write(to, field); });
            return;
        }
        if constexpr (is_optional<T>) {
            if (field)
                update(child, *field);
            else
                edits_.remove_element(child);
        } else
            update(child, field);
    }

    template <class T>
    void update(pugi::xml_node child, T const& value)
    {
        Updater nested{edits_, document_, child};
        map(nested, value);
    }

    template <class T, class... C>
    void list(std::string_view path, T const& field, C const&... codec)
    {
        T old{};
        reader([&](Reader& read) { read(path, old, codec...); });
        auto const steps = Path{path};
        auto const elements = steps.is_attribute() ? steps.elements : path;
        auto const present = all(elements);
        if (present.size() !=
            old.size()) // an element that could not be read: only the rest of the document is safe to change
            return;
        auto const partner = match(old, field);
        for (std::size_t i = 0; i < old.size(); ++i)
            if (std::ranges::find(partner, i) == partner.end())
                edits_.remove_element(present[i]);
        for (std::size_t i = 0; i < field.size(); ++i) {
            if (partner[i] == no_partner)
                write_new(path, [&](Writer& write, auto to) { write(to, T{field[i]}, codec...); });
            else if constexpr (sizeof...(C) == 0 && !Scalar<typename T::value_type>)
                update(present[partner[i]], field[i]);
        }
    }

    template <class... A>
    void forget(std::variant<A...> const& old, std::variant<A...> const& now)
    {
        Names before, after;
        std::visit([&](auto const& alternative) { map(before, alternative); }, old);
        std::visit([&](auto const& alternative) { map(after, alternative); }, now);
        for (auto const name : before.list)
            if (std::ranges::find(after.list, name) == after.list.end())
                remove(name);
    }

    static auto path_is_attribute(std::string_view path) -> bool { return Path{path}.is_attribute(); }

    /// Where the path leads; a first step that is there becomes the place behind which new elements go.
    auto find(std::string_view path) -> Place;
    auto all(std::string_view elements) -> std::vector<pugi::xml_node>;
    void set_text(std::string_view path, std::string_view text);
    template <class Write>
    void set_scaled(std::string_view path, Place const& place, Size size, std::string_view default_unit, Write write)
    {
        if (place.owner && place.element)
            set_amount(path, place.element, size, default_unit);
        else
            write_new(path, write);
    }
    void set_amount(std::string_view path, pugi::xml_node element, Size size, std::string_view default_unit);
    void remove(std::string_view path);
    /// Cuts the steps off the path that are in the text.
    auto place_of_new(std::string_view& path) -> NewElements&;
    /// The last child of the path's first name, else the last one.
    static auto last_like(pugi::xml_node parent, std::string_view path) -> pugi::xml_node;

    Edits& edits_;
    Document const& document_;
    pugi::xml_node element_;
    pugi::xml_node passed_{};
    std::vector<NewElements> new_{};
};

} // namespace vmwright::inline v0::xml::detail
