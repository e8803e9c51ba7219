// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/detail/archive.hpp>
#include <vmwright/xml/detail/tag.hpp>

#include <pugixml.hpp>

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

namespace vmwright::inline v0::xml::detail
{

struct Amount
{
    std::uint64_t count{};
    std::string_view unit{};
};

/// The size in that unit where it is whole in it; otherwise in KiB, or in bytes.
[[nodiscard]] auto whole_amount(Size size, std::string_view unit) -> Amount;

/// Writes values below one element, in the order of the calls; an element appears when something is said in it.
/// One of the archives that a `map` function is called with.
class Writer : public Archive<Writer>
{
    friend class Archive<Writer>;

public:
    explicit Writer(pugi::xml_node element)
        : element_{element}
    {
    }

    void flag(std::string_view path, bool field)
    {
        if (field)
            create(path);
    }

    void state(std::string_view path, std::optional<bool> field)
    {
        if (field)
            Writer{create(path)}("@state", field, on_off);
    }

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
        if (field)
            choice(path, *field, names);
    }

    template <class... A>
    void pick(std::string_view path, std::variant<A...> const& field, std::span<std::string_view const> names,
              std::span<std::string_view const> = {})
    {
        if (auto const word = names[field.index()]; !word.empty()) // an alternative without a word is one that nobody said
            put(path, word);
    }

    template <class... A>
    void picked(std::variant<A...> const& field)
    {
        std::visit([this](auto const& alternative) { map(*this, alternative); }, field);
    }

    template <class A, class B>
    void either(std::string_view path, std::string_view, std::optional<std::variant<A, B>> const& field)
    {
        if (field)
            Writer{create(path)}.picked(*field);
    }

    template <class T>
    void sequence(std::vector<T> const& field, std::span<std::string_view const> names)
    {
        for (auto const& value : field)
            map_into(append(names[tag_of(value)]), value);
    }

    void with_end_tag();

    /// `unit` is the one to write in where the size is whole in it; otherwise it is KiB, or bytes.
    template <class T>
    void scaled(std::string_view path, T const& field, std::string_view = "KiB", std::string_view unit = {})
    {
        if constexpr (is_optional<T>) {
            if (field)
                put_scaled(path, *field, unit);
        } else
            put_scaled(path, field, unit);
    }

    template <class T>
    void pretty(std::string_view path, T const& field, std::string_view = "KiB")
    {
        if constexpr (is_optional<T>) {
            if (field)
                put_pretty(path, *field);
        } else
            put_pretty(path, field);
    }

    void live_only(std::string_view) {}

    template <class T>
    void name_space(std::string_view prefix, std::string_view uri, T const& field)
    {
        if (!(field == T{}))
            put(fmt::format("@xmlns:{}", prefix), uri);
    }

    void raw(std::string_view, std::optional<std::string> const& field);

    void required(std::string_view, std::string_view) {}
    void expected(std::string_view, std::string_view) {}
    void not_yet(std::span<std::string_view const>) {}

private:
    template <class T, class C>
    void scalar(std::string_view path, T const& field, C const& codec)
    {
        if (!is_said(field))
            return;
        if constexpr (is_optional<T>)
            put(path, codec.format(*field));
        else
            put(path, codec.format(field));
    }

    template <class T>
    void group(std::string_view path, std::optional<T> const& field)
    {
        if (field)
            map_into(create(path), *field);
    }

    template <class T>
    void group(std::string_view path, T const& field)
    {
        if (path == ".")
            return map_into(element_, field);
        // written aside first, so that nothing said leaves no element
        pugi::xml_document aside;
        auto const content = aside.append_child("x");
        map_into(content, field);
        if (!content.first_attribute() && !content.first_child())
            return;
        auto target = create(path);
        for (auto const attribute : content.attributes())
            target.append_copy(attribute);
        for (auto const child : content.children())
            target.append_copy(child);
    }

    template <class T, class... C>
    void list(std::string_view path, T const& field, C const&... codec)
    {
        auto const steps = Path{path};
        for (auto const& value : field) {
            auto const element = append(steps.is_attribute() ? steps.elements : path);
            // an empty one is one too: `<qemu:arg value=''/>`
            auto const put_item = [&](auto const& text_of) {
                Writer{element}.put(steps.is_attribute() ? steps.last : ".", text_of.format(value));
            };
            if constexpr (sizeof...(C) != 0)
                put_item(codec...);
            else if constexpr (Scalar<typename T::value_type>)
                put_item(Codec<typename T::value_type>{});
            else
                map_into(element, value);
        }
    }

    template <class T>
    static void map_into(pugi::xml_node element, T const& value)
    {
        Writer nested{element};
        map(nested, value);
    }

    /// The element at the path, made where it is not the last one written.
    auto create(std::string_view elements) -> pugi::xml_node;
    /// A new element at the path, whatever is there.
    auto append(std::string_view elements) -> pugi::xml_node;
    void put(std::string_view path, std::string_view text);
    void put_scaled(std::string_view path, Size size, std::string_view unit);
    void put_pretty(std::string_view path, Size size);
    void put_amount(std::string_view path, std::uint64_t amount, std::string_view unit);

    pugi::xml_node element_;
};

} // namespace vmwright::inline v0::xml::detail
