// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/probe.hpp>

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace vmwright::inline v0::qemu::detail::probe
{

namespace json = boost::json;

[[noreturn]] inline void fail(std::string_view command, std::string_view what)
{
    throw Error{Errc::corrupt_state, fmt::format("{}: {}", command, what), {.object = "probe"}};
}

inline auto text(json::object const& object, std::string_view name) -> std::string
{
    auto const* value = object.if_contains(name);
    return value != nullptr ? std::string{std::string_view{value->as_string()}} : std::string{};
}

inline auto flag(json::object const& object, std::string_view name) -> bool
{
    auto const* value = object.if_contains(name);
    return value != nullptr && value->as_bool();
}

inline auto texts(json::object const& object, std::string_view name) -> std::vector<std::string>
{
    std::vector<std::string> list;
    if (auto const* value = object.if_contains(name))
        for (auto const& element : value->as_array())
            list.emplace_back(std::string_view{element.as_string()});
    return list;
}

inline auto names(json::value const& list) -> std::vector<std::string>
{
    std::vector<std::string> out;
    for (auto const& element : list.as_array())
        out.push_back(text(element.as_object(), "name"));
    std::ranges::sort(out);
    return out;
}

/// The answers by command; Boost.JSON's own exceptions are turned into an Error where the answers are used.
class Answers
{
public:
    explicit Answers(std::span<ProbeReply const> replies)
    {
        for (auto const& reply : replies)
            replies_.emplace(key(reply.command.name, reply.command.arguments), &reply);
    }

    /// What the command returned; null when it was not sent or QEMU refused it.
    auto find(std::string_view name, std::string_view arguments = {}) const -> json::value
    {
        auto const found = replies_.find(key(name, arguments));
        if (found == replies_.end())
            return nullptr;
        boost::system::error_code ec;
        auto reply = json::parse(found->second->reply, ec);
        if (ec || !reply.is_object())
            fail(name, "the reply is not a JSON object");
        auto* returned = reply.get_object().if_contains("return");
        return returned != nullptr ? std::move(*returned) : nullptr;
    }

    auto get(std::string_view name, std::string_view arguments = {}) const -> json::value
    {
        auto value = find(name, arguments);
        if (value.is_null())
            fail(name, "QEMU did not answer it");
        return value;
    }

private:
    static auto key(std::string_view name, std::string_view arguments) -> std::string
    {
        return fmt::format("{} {}", name, arguments);
    }

    std::map<std::string, ProbeReply const*> replies_{};
};

} // namespace vmwright::inline v0::qemu::detail::probe
