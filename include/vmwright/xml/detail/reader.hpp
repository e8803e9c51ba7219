// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/nearest.hpp>
#include <vmwright/xml/detail/archive.hpp>
#include <vmwright/xml/detail/read_context.hpp>
#include <vmwright/xml/detail/tag.hpp>
#include <vmwright/xml/detail/tree.hpp>
#include <vmwright/xml/document.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <variant>

namespace vmwright::inline v0::xml::detail
{

[[nodiscard]] auto has_prefix(std::string_view name) -> bool;
/// Whether the element has that name, which has a prefix or not. One in `name` stands for its namespace, whatever the text
/// calls it.
[[nodiscard]] auto is_named(pugi::xml_node element, std::string_view name, bool prefixed) -> bool;
[[nodiscard]] auto child_named(pugi::xml_node element, std::string_view name) -> pugi::xml_node;
[[nodiscard]] auto attribute_named(pugi::xml_node element, std::string_view name) -> pugi::xml_attribute;
/// The element's name with the prefix that we know its namespace by; empty when we know none.
[[nodiscard]] auto canonical_name(pugi::xml_node element) -> std::string;
/// "disk bus" for /domain/devices/disk[1]/target/@bus: the device, or else the element, and the word itself.
[[nodiscard]] auto noun_of(pugi::xml_node element, std::string_view attribute) -> std::string;
/// All the text directly in the element, comments left out.
[[nodiscard]] auto text_of(pugi::xml_node element) -> std::string;
/// An amount with a unit: the unit's attribute, else `default_unit`.
[[nodiscard]] auto read_scaled(pugi::xml_node element, std::string_view text, std::string_view default_unit, Size& size,
                               Complaint& complaint, std::string_view& at_attribute) -> bool;
/// The element with its tags and the prefixes that it uses, in the layout of the normal form.
[[nodiscard]] auto markup(Tree const& tree, pugi::xml_node element) -> std::string;

/// Reads the values of one element. One of the archives that a `map` function is called with.
class Reader : public Archive<Reader>
{
    friend class Archive<Reader>;

public:
    Reader(ReadContext& context, Document const& document, pugi::xml_node element)
        : context_{context}
        , document_{document}
        , element_{element}
    {
    }

    /// An element that says yes by being there.
    void flag(std::string_view path, bool& field)
    {
        auto const [owner, name] = descend(path);
        field = !!find(owner, name);
    }

    /// An element whose attribute `state` is on or off, and on when it is not said.
    void state(std::string_view path, std::optional<bool>& field)
    {
        auto const [owner, name] = descend(path);
        auto const child = find(owner, name);
        if (!child)
            return;
        context_.asked(child, "@state", false);
        context_.took(attribute_named(child, "state"));
        field = true;
        read_text(Place{child, "state", !!attribute_named(child, "state")}, field, on_off);
    }

    /// The same, of an element that must say its state.
    void stated(std::string_view path, std::optional<bool>& field)
    {
        auto const [owner, name] = descend(path);
        auto const child = find(owner, name);
        if (!child)
            return;
        context_.asked(child, "@state", false);
        context_.took(attribute_named(child, "state"));
        if (attribute_named(child, "state"))
            read_text(Place{child, "state", true}, field, on_off);
        else
            context_.add(child, {},
                         {.fault = Fault::missing,
                          .message = fmt::format("<{}> has no state", name),
                          .hint = "add state='on' or state='off'"});
    }

    /// The word at `path` picks the alternative whose fields follow. `later` are words of libvirt's that have none yet.
    template <class... A>
    void choice(std::string_view path, std::variant<A...>& field, std::span<std::string_view const> names,
                std::span<std::string_view const> later = {})
    {
        pick(path, field, names, later);
        picked(field);
    }

    /// The same where there need not be such a word.
    template <class... A>
    void choice(std::string_view path, std::optional<std::variant<A...>>& field, std::span<std::string_view const> names,
                std::span<std::string_view const> later = {})
    {
        if (locate(path).there)
            choice(path, field.emplace(), names, later);
    }

    /// The word alone, for an alternative whose fields come later.
    template <class... A>
    void pick(std::string_view path, std::variant<A...>& field, std::span<std::string_view const> names,
              std::span<std::string_view const> later = {})
    {
        std::string word;
        auto const place = locate(path);
        if (place.text(word)) {
            if (auto const found = std::ranges::find(names, word); found != names.end())
                set_tag(field, static_cast<std::size_t>(found - names.begin()));
            else if (std::ranges::find(later, word) != later.end()) {
                unsupported(place, word, names);
            } else
                context_.fault(place.element, place.attribute, word, {.fault = Fault::unknown_value, .words = names});
        }
    }

    template <class... A>
    void picked(std::variant<A...>& field)
    {
        std::visit([this](auto& alternative) { map(*this, alternative); }, field);
    }

    /// The first alternative where the element at `path` has that attribute, else the second.
    template <class A, class B>
    void either(std::string_view path, std::string_view attribute, std::optional<std::variant<A, B>>& field)
    {
        auto const [owner, name] = descend(path);
        auto const child = find(owner, name);
        if (!child)
            return;
        set_tag(field.emplace(), attribute_named(child, attribute) ? 0 : 1);
        Reader{context_, document_, child}.picked(*field);
    }

    /// Elements of all these names, in their order among each other.
    template <class T>
    void sequence(std::vector<T>& field, std::span<std::string_view const> names)
    {
        for (auto const name : names)
            context_.asked(element_, name, true);
        for (auto const child : element_.children()) {
            auto const found = std::ranges::find(names, std::string_view{child.name()});
            if (child.type() != pugi::node_element || found == names.end())
                continue;
            context_.took(child);
            if (!context_.affords(element_, *found, sizeof(T)))
                return;
            T value{};
            set_tag(value, static_cast<std::size_t>(found - names.begin()));
            read_item(child, value);
            field.push_back(std::move(value));
        }
    }

    /// An element that is printed with an end tag, also when nothing is in it.
    void with_end_tag() {}

    /// Bytes in a text with a unit in the attribute `unit`. The writer's unit is no matter here.
    template <class T>
    void scaled(std::string_view path, T& field, std::string_view default_unit = "KiB", std::string_view = {})
    {
        auto const place = locate(path);
        std::string text;
        if (place.element && (!place.attribute.empty() || place.there)) {
            context_.asked(place.element, "@unit", false);
            context_.took(attribute_named(place.element, "unit"));
        }
        if (!place.text(text))
            return;
        Size size;
        Complaint complaint;
        std::string_view at = place.attribute;
        if (read_scaled(place.element, text, default_unit, size, complaint, at))
            field = size;
        else
            context_.fault(place.element, at, at == "unit" ? attribute_named(place.element, "unit").value() : text,
                           complaint);
    }

    /// Bytes as in `scaled`, printed in the largest unit that gives a whole number.
    template <class T>
    void pretty(std::string_view path, T& field, std::string_view default_unit = "KiB")
    {
        scaled(path, field, default_unit);
    }

    /// What only a running domain has: nothing is made of it.
    void live_only(std::string_view path) { locate(path); }

    /// The prefix under which the field's elements are known.
    template <class T>
    void name_space(std::string_view, std::string_view, T&)
    {
    }

    /// An element that is nobody's but the user's, kept as markup.
    void raw(std::string_view name, std::optional<std::string>& field)
    {
        if (auto const child = find(element_, name)) {
            context_.opaque(child);
            field = markup(document_.tree(), child);
        }
    }

    /// An element or attribute without which the text is no description of its kind.
    void required(std::string_view path, std::string_view hint)
    {
        if (locate(path).there)
            return;
        auto const steps = Path{path};
        auto const owner = steps.elements.empty() ? std::string_view{element_.name()} : steps.elements;
        context_.add(element_, {},
                     {.fault = Fault::missing,
                      .message = steps.is_attribute() ? fmt::format("<{}> has no attribute '{}'", owner, steps.attribute())
                                                      : fmt::format("<{}> has no <{}>", owner, steps.last),
                      .hint = std::string{hint}});
    }

    /// An attribute that an element, where it is there, ought to have: libvirt takes a default in silence.
    void expected(std::string_view path, std::string_view hint)
    {
        auto const [owner, last] = descend(path);
        if (owner && !locate(path).there)
            context_.add(owner, {},
                         {.severity = Severity::warning,
                          .fault = Fault::missing,
                          .message = fmt::format("<{}> has no attribute '{}'", owner.name(), last.substr(1)),
                          .hint = std::string{hint}});
    }

    /// Elements and attributes that libvirt has and this library does not have yet.
    void not_yet(std::span<std::string_view const> paths)
    {
        for (auto const path : paths)
            if (auto const place = locate(path); place.there)
                context_.not_yet(place.element, place.attribute);
    }

private:
    struct Place
    {
        pugi::xml_node element{};
        std::string_view attribute{}; ///< empty: the element's text
        bool there{};

        auto text(std::string& out) const -> bool
        {
            if (!there)
                return false;
            if (attribute.empty())
                out = text_of(element);
            else
                out = attribute_named(element, attribute).value();
            return true;
        }
    };

    auto find(pugi::xml_node owner, std::string_view name, bool many = false) -> pugi::xml_node
    {
        if (!owner)
            return {};
        context_.asked(owner, name, many);
        auto const child = child_named(owner, name);
        context_.took(child);
        return child;
    }

    auto descend(std::string_view path) -> std::pair<pugi::xml_node, std::string_view>
    {
        auto const steps = Path{path};
        if (steps.elements.empty())
            return {element_, steps.last};
        // Fields of one element mostly follow each other.
        if (steps.elements != last_steps_) {
            last_steps_ = steps.elements;
            last_owner_ = element_;
            for_each_step(steps.elements, [&](auto name) { last_owner_ = find(last_owner_, name); });
        }
        return {last_owner_, steps.last};
    }

    auto locate(std::string_view path) -> Place
    {
        auto const [owner, last] = descend(path);
        if (!owner)
            return {};
        if (last == ".") {
            context_.asked(owner, last, false);
            context_.took_text(owner);
            return {owner, {}, true};
        }
        if (!last.starts_with('@')) {
            auto const child = find(owner, last);
            context_.took_text(child);
            return {child, {}, !!child};
        }
        context_.asked(owner, last, false);
        auto const name = last.substr(1);
        auto const attribute = attribute_named(owner, name);
        context_.took(attribute);
        return {owner, name, !!attribute};
    }

    template <class T, class C>
    void scalar(std::string_view path, T& field, C const& codec)
    {
        read_text(locate(path), field, codec);
    }

    template <class T, class C>
    void read_text(Place const& place, T& field, C const& codec)
    {
        std::string text;
        if (!place.text(text))
            return;
        Complaint complaint;
        if constexpr (is_optional<T>) {
            typename T::value_type value{};
            if (codec.parse(text, value, complaint)) {
                field = std::move(value);
                return;
            }
        } else if (codec.parse(text, field, complaint))
            return;
        context_.fault(place.element, place.attribute, text, complaint);
    }

    template <class T>
    void group(std::string_view path, T& field)
    {
        auto const [owner, name] = descend(path);
        auto const child = name == "." ? owner : find(owner, name);
        if (!child)
            return;
        Reader nested{context_, document_, child};
        if constexpr (is_optional<T>)
            map(nested, field.emplace());
        else
            map(nested, field);
    }

    template <class T, class... C>
    void list(std::string_view path, T& field, C const&... codec)
    {
        // "boot/@dev" is one attribute of many elements, "disk" many elements
        auto const steps = Path{path};
        auto const of_attribute = steps.is_attribute();
        auto const [owner, name] = descend(of_attribute ? steps.elements : path);
        if (!owner)
            return;
        context_.asked(owner, name, true);
        auto const is_meant = [name = name, prefixed = has_prefix(name)](pugi::xml_node child) {
            return is_named(child, name, prefixed);
        };
        auto const count = static_cast<std::size_t>(std::count_if(owner.begin(), owner.end(), is_meant));
        if (count == 0 || !context_.affords(owner, name, count * sizeof(typename T::value_type)))
            return;
        field.reserve(field.size() + count);
        for (auto const child : owner.children()) {
            if (!is_meant(child))
                continue;
            context_.took(child);
            typename T::value_type value{};
            if constexpr (sizeof...(C) != 0 || Scalar<typename T::value_type>) {
                if (of_attribute) {
                    context_.asked(child, steps.last, false);
                    context_.took(attribute_named(child, steps.attribute()));
                } else
                    context_.took_text(child);
                if (of_attribute && !attribute_named(child, steps.attribute()))
                    context_.add(child, {},
                                 {.fault = Fault::missing,
                                  .message = fmt::format("<{}> has no attribute '{}'", name, steps.attribute())});
                auto const place = of_attribute
                                       ? Place{child, steps.attribute(), !!attribute_named(child, steps.attribute())}
                                       : Place{child, {}, true};
                std::optional<typename T::value_type> read;
                if constexpr (sizeof...(C) != 0)
                    read_text(place, read, codec...);
                else
                    read_text(place, read, Codec<typename T::value_type>{});
                if (!read)
                    continue;
                value = std::move(*read);
            } else
                read_item(child, value);
            field.push_back(std::move(value));
        }
    }

    /// One of many elements, with what nobody knows in it.
    template <class T>
    void read_item(pugi::xml_node child, T& value)
    {
        auto const before = context_.mark();
        Reader nested{context_, document_, child};
        map(nested, value);
        context_.judge(child, before);
    }

    void unsupported(Place const& place, std::string_view word, std::span<std::string_view const> names);

    ReadContext& context_;
    Document const& document_;
    pugi::xml_node element_;
    std::string_view last_steps_{}; ///< the elements of the last path that had some, and where they led
    pugi::xml_node last_owner_{};
};

} // namespace vmwright::inline v0::xml::detail
