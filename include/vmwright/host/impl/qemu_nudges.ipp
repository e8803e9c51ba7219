// SPDX-License-Identifier: BSL-1.0
// What a person at the machine would do: press keys, look at the screen, take a picture of the memory.
#pragma once

#include <vmwright/host/detail/qemu_guest.hpp>
#include <vmwright/host/detail/signal.hpp>
#include <vmwright/qmp/commands/run_state.hpp>
#include <vmwright/xml/domain.hpp>

#include <boost/asio/use_awaitable.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace vmwright::inline v0::detail
{

namespace qemu_nudges
{

/// A dump that the emulator writes beside all else it does.
struct Dumping
{
    explicit Dumping(boost::asio::any_io_executor executor)
        : end{std::move(executor)}
    {
    }
    Signal end;
    std::optional<std::string> failure{}; ///< the emulator's words, or why nobody hears of it any more
};

namespace
{

using boost::asio::use_awaitable;

/// The video device and its head that are the screen of that number; nothing where there are not so many.
auto screen_of(DomainConfig const& config, unsigned number) -> std::optional<std::pair<std::string, unsigned>>
{
    for (auto const& video : config.devices.videos) {
        auto const heads = std::max(video.model.heads.value_or(1), 1U);
        if (number < heads && video.info.alias)
            return std::pair{*video.info.alias, number};
        number -= std::min(number, heads);
    }
    return std::nullopt;
}

/// What DUMP_COMPLETED says went wrong.
auto failure_of(qmp::Event const& event) -> std::optional<std::string>
{
    auto const* const error = event.data.if_contains("error");
    if (error == nullptr || !error->is_string())
        return std::nullopt;
    return std::string{error->get_string()};
}

/// Whether the format is among those that query-dump-guest-memory-capability tells.
auto writes(boost::json::value const& known, DumpFormat format) -> bool
{
    return std::ranges::any_of(known.at("formats").as_array(), [&](boost::json::value const& each) {
        return std::string_view{each.as_string()} == to_string(format);
    });
}

} // namespace
} // namespace qemu_nudges

auto QemuGuest::wake_up() -> boost::asio::awaitable<void>
{
    auto const connection = co_await monitor();
    co_await connection->client.async_execute(qmp::system_wakeup{}, {}, qemu_nudges::use_awaitable);
}

auto QemuGuest::inject_nmi() -> boost::asio::awaitable<void>
{
    auto const connection = co_await monitor();
    co_await connection->client.async_execute(qmp::inject_nmi{}, {}, qemu_nudges::use_awaitable);
}

auto QemuGuest::send_keys(std::vector<std::uint32_t> keys, std::chrono::milliseconds hold) -> boost::asio::awaitable<void>
{
    auto const connection = co_await monitor();
    boost::json::array pressed;
    for (auto const key : keys) {
        boost::json::object number;
        number["type"] = "number";
        number["data"] = key;
        pressed.push_back(std::move(number));
    }
    boost::json::object arguments;
    arguments["keys"] = std::move(pressed);
    if (hold.count() > 0)
        arguments["hold-time"] = hold.count();
    co_await connection->client.async_execute("send-key", std::move(arguments), {}, qemu_nudges::use_awaitable);
}

auto QemuGuest::screenshot(std::string file, unsigned screen) -> boost::asio::awaitable<void>
{
    auto const connection = co_await monitor();
    boost::json::object arguments;
    arguments["filename"] = file;
    arguments["format"] = "png";
    if (screen != 0) {
        auto const found = qemu_nudges::screen_of(config(), screen);
        if (!found)
            throw Error{Errc::invalid_argument, "no such screen ID", {.object = domain_object(name_)}};
        arguments["device"] = found->first;
        arguments["head"] = found->second;
    }
    co_await connection->client.async_execute("screendump", std::move(arguments), {}, qemu_nudges::use_awaitable);
}

auto QemuGuest::dump(std::string file, DumpFormat format) -> boost::asio::awaitable<void>
{
    auto const connection = co_await monitor();
    auto const known =
        co_await connection->client.async_execute("query-dump-guest-memory-capability", {}, {}, qemu_nudges::use_awaitable);
    if (!qemu_nudges::writes(known, format))
        throw Error{Errc::invalid_argument,
                    fmt::format("unsupported dumpformat '{}' for this QEMU binary", to_string(format)),
                    {.object = domain_object(name_)}};
    auto const dumping = std::make_shared<qemu_nudges::Dumping>(runtime_->executor());
    auto const events = std::make_shared<qmp::Subscription>(connection->client.subscribe());
    runtime_->launch_background(events, [events, dumping]() -> boost::asio::awaitable<void> {
        std::optional<std::string> failure{"the emulator ended meanwhile"};
        try {
            while (auto const event = co_await events->async_next(qemu_nudges::use_awaitable))
                if (event->name == "DUMP_COMPLETED") {
                    failure = qemu_nudges::failure_of(*event);
                    break;
                }
        } catch (Error const& error) {
            failure = error.what();
        }
        dumping->failure = std::move(failure);
        dumping->end.raise();
    });
    boost::json::object arguments;
    arguments["paging"] = false;
    arguments["protocol"] = fmt::format("file:{}", file);
    arguments["format"] = to_string(format);
    arguments["detach"] = true;
    co_await connection->client.async_execute("dump-guest-memory", std::move(arguments), {}, qemu_nudges::use_awaitable);
    co_await dumping->end.wait();
    if (dumping->failure)
        throw Error{Errc::command_failed,
                    fmt::format("memory-only dump failed: {}", *dumping->failure),
                    {.object = domain_object(name_)}};
}

} // namespace vmwright::inline v0::detail
