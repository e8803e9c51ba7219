// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/nearest.hpp>
#include <vmwright/core/number_set.hpp>
#include <vmwright/core/result.hpp>
#include <vmwright/core/size.hpp>
#include <vmwright/core/uuid.hpp>

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <concepts>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

/// Values as JSON files, for profiles and host facts: each type's members are listed once, in a function `map(at, value)`
/// of this namespace that the reader and the writer both call.
namespace vmwright::inline v0::qemu::detail::json_file
{

namespace json = boost::json;

template <class T, class U>
concept Like = std::same_as<std::remove_const_t<T>, U>;

/// Where a value stands in the file, innermost first.
struct Place
{
    Place const* outer{};
    std::string_view name{};
    std::size_t index{};
};

/// `machines[3].max_cpus`.
inline auto to_string(Place const& place) -> std::string
{
    auto text = place.outer != nullptr ? to_string(*place.outer) : std::string{};
    if (place.name.empty())
        return place.outer != nullptr ? fmt::format("{}[{}]", text, place.index) : text;
    return text.empty() ? std::string{place.name} : fmt::format("{}.{}", text, place.name);
}

[[noreturn]] inline void fail(Place const& place, std::string_view what)
{
    auto const where = to_string(place);
    throw Error{Errc::corrupt_state, where.empty() ? std::string{what} : fmt::format("{}: {}", where, what)};
}

inline void read(json::value const& in, Place const& place, bool& out)
{
    if (!in.is_bool())
        fail(place, "must be true or false");
    out = in.get_bool();
}

inline void read(json::value const& in, Place const& place, std::string& out)
{
    if (!in.is_string())
        fail(place, "must be a string");
    out = in.get_string();
}

template <std::integral T>
void read(json::value const& in, Place const& place, T& out)
{
    boost::system::error_code ec;
    auto const number = in.to_number<T>(ec);
    if (ec)
        fail(place, fmt::format("must be a whole number from {} to {}", std::numeric_limits<T>::min(),
                                std::numeric_limits<T>::max()));
    out = number;
}

inline void read(json::value const& in, Place const& place, Size& out)
{
    read(in, place, out.bytes);
}

inline void read(json::value const& in, Place const& place, Uuid& out)
{
    std::string text;
    read(in, place, text);
    auto const uuid = Uuid::parse(text);
    if (!uuid)
        fail(place, "must be a uuid");
    out = *uuid;
}

inline void read(json::value const& in, Place const& place, NumberSet& out)
{
    std::string text;
    read(in, place, text);
    auto set = NumberSet::parse(text);
    if (!set && !text.empty())
        fail(place, "must be numbers and ranges, as 0-3,8");
    out = set ? std::move(*set) : NumberSet{};
}

class Reader;

template <class T>
requires requires(Reader& at, T& value)
{
    map(at, value);
}
void read(json::value const& in, Place const& place, T& out);

template <class T>
void read(json::value const& in, Place const& place, std::vector<T>& out)
{
    if (!in.is_array())
        fail(place, "must be a list");
    auto const& list = in.get_array();
    out.resize(list.size());
    for (std::size_t i = 0; i < list.size(); ++i)
        read(list[i], Place{&place, {}, i}, out[i]);
}

template <class T>
void read(json::value const& in, Place const& place, std::optional<T>& out)
{
    read(in, place, out.emplace());
}

/// Reads the members of one object; those that the file leaves out keep their values.
class Reader
{
public:
    Reader(json::object const& in, Place const& place)
        : in_{in}
        , place_{place}
    {
    }

    template <class T>
    void operator()(std::string_view name, T& value)
    {
        auto const* found = in_.if_contains(name);
        if (found == nullptr)
            return;
        ++seen_;
        read(*found, Place{&place_, name, 0}, value);
    }

    [[nodiscard]] auto saw_all() const noexcept -> bool { return seen_ == in_.size(); }

private:
    json::object const& in_;
    Place const& place_;
    std::size_t seen_{};
};

/// Collects the names of the members.
struct Names
{
    std::vector<std::string_view> list{};

    void operator()(std::string_view name, auto const&) { list.push_back(name); }
};

template <class T>
requires requires(Reader& at, T& value)
{
    map(at, value);
}
void read(json::value const& in, Place const& place, T& out)
{
    if (!in.is_object())
        fail(place, "must be an object");
    auto const& object = in.get_object();
    Reader reader{object, place};
    map(reader, out);
    if (reader.saw_all())
        return;
    Names names;
    map(names, out);
    for (auto const& member : object) {
        auto const name = std::string_view{member.key()};
        if (std::ranges::find(names.list, name) == names.list.end()) {
            auto const hint = suggestion(name, names.list).text;
            fail(place, fmt::format("has no member '{}'{}{}", name, hint.empty() ? "" : "; ", hint));
        }
    }
}

enum class Defaults
{
    written,
    left_out,
};

inline auto write(bool value, Defaults) -> json::value
{
    return value;
}

inline auto write(std::string const& value, Defaults) -> json::value
{
    return json::string_view{value};
}

template <std::integral T>
auto write(T value, Defaults) -> json::value
{
    return value;
}

inline auto write(Size const& value, Defaults) -> json::value
{
    return value.bytes;
}

inline auto write(Uuid const& value, Defaults) -> json::value
{
    return json::string_view{to_string(value)};
}

inline auto write(NumberSet const& value, Defaults) -> json::value
{
    return json::string_view{to_string(value)};
}

class Writer;

template <class T>
requires requires(Writer& at, T const& value)
{
    map(at, value);
}
auto write(T const& value, Defaults defaults) -> json::value;

template <class T>
auto write(std::vector<T> const& value, Defaults defaults) -> json::value
{
    json::array out;
    out.reserve(value.size());
    for (auto const& element : value)
        out.push_back(write(element, defaults));
    return out;
}

class Writer
{
public:
    explicit Writer(Defaults defaults)
        : defaults_{defaults}
    {
    }

    template <class T>
    void operator()(std::string_view name, T const& value)
    {
        if (defaults_ == Defaults::written || !(value == T{}))
            out_.emplace(name, write(value, defaults_));
    }

    template <class T>
    void operator()(std::string_view name, std::optional<T> const& value)
    {
        if (value)
            out_.emplace(name, write(*value, defaults_));
    }

    [[nodiscard]] auto result() && -> json::object { return std::move(out_); }

private:
    Defaults defaults_;
    json::object out_{};
};

template <class T>
requires requires(Writer& at, T const& value)
{
    map(at, value);
}
auto write(T const& value, Defaults defaults) -> json::value
{
    Writer writer{defaults};
    map(writer, value);
    return std::move(writer).result();
}

/// The file's text: a line for each member, and for each element of a list.
inline auto print(json::object const& file) -> std::string
{
    std::string text = "{";
    auto separator = "\n";
    for (auto const& member : file) {
        text.append(separator).append(json::serialize(json::value(member.key()))).append(": ");
        separator = ",\n";
        auto const* list = member.value().if_array();
        if (list == nullptr || list->empty()) {
            text += json::serialize(member.value());
            continue;
        }
        for (auto opening = "[\n"; auto const& element : *list) {
            text.append(opening).append(json::serialize(element));
            opening = ",\n";
        }
        text += "\n]";
    }
    return text += "\n}\n";
}

/// Parses a file's text into the given memory; `what` names the kind of file in messages.
inline auto parse(std::string_view text, std::string_view what, json::storage_ptr memory) -> json::value
{
    json::parser parser{std::move(memory)};
    boost::system::error_code ec;
    auto const used = parser.write_some(text.data(), text.size(), ec);
    auto end = used;
    if (!ec) {
        end = std::min(text.find_first_not_of(" \t\r\n", used), text.size());
        if (end != text.size())
            ec = json::error::extra_data;
    }
    if (ec) {
        auto const before = text.substr(0, end);
        auto const line = std::ranges::count(before, '\n') + 1;
        auto const column = before.size() - (before.rfind('\n') + 1) + 1;
        throw Error{Errc::corrupt_state, fmt::format("{}:{}: not {}: {}", line, column, what, ec.message())};
    }
    return parser.release();
}

} // namespace vmwright::inline v0::qemu::detail::json_file
