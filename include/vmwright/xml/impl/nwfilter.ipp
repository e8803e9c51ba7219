// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/network/nwfilter.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/filter_ref.ipp>

#include <algorithm>
#include <array>

namespace vmwright::inline v0::xml::detail
{

/// A value of a field, as its kind is spelled.
struct FilterValueCodec
{
    FilterKind kind{};

    auto parse(std::string_view text, FilterValue& value, Complaint& complaint) const -> bool
    {
        if (auto read = parse_filter_value(kind, text)) {
            value = std::move(*read);
            return true;
        }
        complaint = {.fault = Fault::bad_text, .expected = std::string{description_of(kind)}};
        return false;
    }
    auto format(FilterValue const& value) const -> std::string { return format_filter_value(kind, value); }
};

/// The names of fields as paths, in the order of FilterField.
inline auto path_of(FilterField field) -> std::string_view
{
    static auto const paths = [] {
        std::array<std::string, names_of<FilterField>.size()> all;
        for (std::size_t i = 0; i < all.size(); ++i)
            all[i] = fmt::format("@{}", names_of<FilterField>[i]);
        return all;
    }();
    return paths[static_cast<std::size_t>(field)];
}

void map(auto& at, Like<FilterMatch> auto& v)
{
    at("@match", v.match);
    for (auto const field : fields_of(v.protocol)) {
        auto const* said = v.find(field);
        auto value = said ? std::optional{*said} : std::nullopt;
        at(path_of(field), value, FilterValueCodec{kind_of(v.protocol, field)});
        if constexpr (!std::is_const_v<std::remove_reference_t<decltype(v)>>)
            if (value)
                v.terms.push_back({field, std::move(*value)});
    }
}

/// `0` and `false` mean no; libvirt takes all else for yes.
struct StateMatchCodec
{
    auto parse(std::string_view text, bool& value, Complaint& complaint) const -> bool
    {
        constexpr auto words = name_list("false", "0", "true", "1");
        auto const found = std::ranges::find_if(words, [&](auto word) {
            return std::ranges::equal(word, text, [](char a, char b) { return a == b || a == (b | 0x20); });
        });
        if (found == words.end()) {
            complaint = {.fault = Fault::unknown_value, .expected = "false or true"};
            return false;
        }
        value = found - words.begin() >= 2;
        return true;
    }
    auto format(bool value) const -> std::string { return value ? "true" : "false"; }
};

void map(auto& at, Like<FilterRule> auto& v)
{
    at.required("@action", "use action='accept', drop, reject, return or continue");
    at.required("@direction", "use direction='in', out or inout");
    at("@action", v.action);
    at("@direction", v.direction);
    at("@priority", v.priority);
    at("@statematch", v.state_match, StateMatchCodec{});
    at.sequence(v.matches, names_of<FilterProtocol>);
}

void map(auto& at, Like<FilterEntry> auto& v)
{
    at.picked(v);
}

void map(auto& at, Like<NwFilterConfig> auto& v)
{
    at("@name", v.name);
    at("@chain", v.chain);
    at("@priority", v.priority);
    at("uuid", v.uuid);
    at.sequence(v.entries, filter_entry_names);
}

} // namespace vmwright::inline v0::xml::detail
