// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/error.hpp>
#include <vmwright/core/size.hpp>
#include <vmwright/domain/domain.hpp>
#include <vmwright/machine/process.hpp>
#include <vmwright/qemu/capabilities.hpp>
#include <vmwright/qemu/pipeline.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vmwright::inline v0::detail
{

/// What the host can add to what the emulator said.
enum class HostQuestion
{
    none,
    lock_holder, ///< who has a lock on `file`
    port_holder, ///< who listens on one of `ports`
    access,      ///< why `file` may not be opened
    what_file,   ///< whether `file` is there, and what it is
    memory,      ///< how much of `memory` there is
    huge_pages,  ///< the same, in pages of `page_size`
};

/// Why a start failed, as far as it can be told without looking at the host.
struct StartFailure
{
    Errc code{Errc::emulator_failed};
    std::string device{}; ///< `disk 'vda'`; empty for the domain as a whole
    std::string node{};   ///< of the definition; empty when no node asked for it
    std::string message{};
    std::string hint{};
    HostQuestion question{};
    std::string file{};
    bool writes{}; ///< the file was to be written
    std::string address{};
    std::vector<std::uint16_t> ports{};
    std::optional<Size> memory{};
    std::optional<Size> page_size{}; ///< the host's default when absent

    bool operator==(StartFailure const&) const = default;
};

/// What is left of a start to judge it by.
struct FailedStart
{
    std::string_view log{};            ///< what the emulator wrote
    std::optional<ExitStatus> ended{}; ///< absent while it runs
    qemu::Plan const& plan;
    DomainConfig const& live;
    qemu::Capabilities const& capabilities;
};

/// Finds the cause among the emulator's words, and by the option that they quote, or the file or port they name, the device.
[[nodiscard]] auto judge(FailedStart const& failed) -> StartFailure;

} // namespace vmwright::inline v0::detail
