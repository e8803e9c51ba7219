// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <optional>

namespace vmwright::inline v0
{

/// A thread of its own for the I/O of the devices that name it.
struct IoThread
{
    std::uint32_t id{}; ///< from 1
    std::optional<std::uint32_t> thread_pool_min{};
    std::optional<std::uint32_t> thread_pool_max{};

    bool operator==(IoThread const&) const = default;
};

/// The event loop that serves all devices without an I/O thread.
struct DefaultIoThread
{
    std::optional<std::uint32_t> thread_pool_min{};
    std::optional<std::uint32_t> thread_pool_max{};

    bool operator==(DefaultIoThread const&) const = default;
};

} // namespace vmwright::inline v0
