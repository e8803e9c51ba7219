// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

#include <set>

namespace vmwright::inline v0::qemu::detail
{

namespace iothreads
{
namespace
{

// Far more than any host gives to one process; what a number costs must not depend on the number.
constexpr std::uint32_t most = 65536;

template <class Thread>
void check_pool(Thread const& thread, std::string const& node, Checking const& at)
{
    if (thread.thread_pool_min && thread.thread_pool_max && *thread.thread_pool_min > *thread.thread_pool_max)
        at.error(node + "/@thread_pool_min", Fault::conflict,
                 fmt::format("a pool of at least {} threads cannot have at most {}", *thread.thread_pool_min,
                             *thread.thread_pool_max),
                 "lower thread_pool_min or raise thread_pool_max");
}

template <class Thread>
void set_pool(Option& option, Thread const& thread)
{
    option.set("thread-pool-min", thread.thread_pool_min).set("thread-pool-max", thread.thread_pool_max);
}

} // namespace
} // namespace iothreads

void check_iothread(std::uint32_t id, DeviceInfo const& info, std::string_view kind, std::string const& node,
                    Checking const& at)
{
    auto const ids = iothread_ids(at.config);
    if (std::ranges::find(ids, id) == ids.end())
        at.error(node + "/driver/@iothread", Fault::missing, fmt::format("there is no iothread {}", id),
                 "raise <iothreads>, or name one of them");
    if (info.address && !address_as<PciAddress>(info) && !address_as<CcwAddress>(info))
        at.error(node + "/driver/@iothread", Fault::not_supported,
                 fmt::format("only a {} on PCI or CCW can have an iothread", kind), "leave the address out");
}

void check_iothreads(Checking const& at)
{
    auto const& config = at.config;
    if (config.iothreads && *config.iothreads > iothreads::most)
        at.error("/domain/iothreads", Fault::bad_number,
                 fmt::format("{} I/O threads are more than {}", *config.iothreads, iothreads::most),
                 "give a smaller number");
    std::set<std::uint32_t> seen;
    for (std::size_t i = 0; i < config.iothread_ids.size(); ++i) {
        auto const& thread = config.iothread_ids[i];
        auto const node = fmt::format("/domain/iothreadids/iothread[{}]", i + 1);
        if (thread.id == 0)
            at.error(node + "/@id", Fault::bad_number, "I/O threads are numbered from 1", "give 1 or more");
        else if (!seen.insert(thread.id).second)
            at.error(node + "/@id", Fault::duplicate, fmt::format("there is an I/O thread {} already", thread.id),
                     "give each its own number");
        iothreads::check_pool(thread, node, at);
    }
    iothreads::check_pool(config.default_iothread, "/domain/defaultiothread", at);
}

void complete_iothreads(Resolving& at)
{
    auto& config = at.config;
    auto const named = config.iothread_ids.size();
    if (named > config.iothreads.value_or(0)) {
        config.iothreads = static_cast<std::uint32_t>(named);
        at.origins.chose("/domain/iothreads", "as many as are named");
    }
    if (config.iothreads == 0U)
        config.iothreads.reset();
    if (named == 0)
        return;
    auto const ids = iothread_ids(config);
    for (auto i = named; i < ids.size(); ++i) {
        config.iothread_ids.push_back({.id = ids[i]});
        at.origins.chose(fmt::format("/domain/iothreadids/iothread[{}]", i + 1), "the next free number");
    }
}

void translate_iothreads(Translating& at)
{
    auto const& config = at.config;
    auto const ids = iothread_ids(config);
    for (std::size_t i = 0; i < ids.size(); ++i) {
        auto const is_named = i < config.iothread_ids.size();
        auto const node = is_named ? fmt::format("/domain/iothreadids/iothread[{}]", i + 1) : "/domain/iothreads";
        auto& option = at.object("iothread", fmt::format("iothread{}", ids[i]), node);
        if (is_named)
            iothreads::set_pool(option, config.iothread_ids[i]);
    }
    if (config.default_iothread != DefaultIoThread{})
        iothreads::set_pool(at.object("main-loop", "main-loop", "/domain/defaultiothread"), config.default_iothread);
}

} // namespace vmwright::inline v0::qemu::detail
