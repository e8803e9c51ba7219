// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/size.hpp>
#include <vmwright/domain/domain.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vmwright::inline v0::qemu::detail
{

/// The next whole number of units; what does not fit in 64 bits stays at the last one that does.
[[nodiscard]] auto round_up(Size size, Size unit) noexcept -> Size;
/// Stays at the highest amount where the sum does not fit in 64 bits.
[[nodiscard]] auto sum(Size a, Size b) noexcept -> Size;

/// What the guest has before anything is plugged: the sum of the cells, else <memory> without the memory devices.
[[nodiscard]] auto initial_memory(DomainConfig const& config) noexcept -> Size;
[[nodiscard]] auto device_memory(DomainConfig const& config) noexcept -> Size;
/// The guest's cells; null when it has no NUMA topology.
[[nodiscard]] auto numa_cells(DomainConfig const& config) noexcept -> std::vector<NumaCell> const*;

/// The step in which a board has memory, and in which it can be plugged.
inline constexpr auto memory_step = MiB(1);
inline constexpr auto module_step = MiB(2);

/// What a memory backend is to be made for.
struct MemoryRequest
{
    std::string id{};   ///< of the object
    std::string leaf{}; ///< name of the file in which its content is, where it is in one
    Size size{};
    std::optional<std::uint32_t> cell{}; ///< guest NUMA node
    MemoryDevice const* device{};
    bool is_system{}; ///< what the guest has without NUMA topology and devices
};

/// Whether the request says more than its size, so that QEMU needs an object for it.
[[nodiscard]] auto needs_backend(MemoryRequest const& request, Translating const& at) -> bool;
void add_memory_backend(MemoryRequest const& request, std::string const& node, Translating& at);
/// The directory of the host's huge pages of a size; nothing, and an error, when the host has none.
[[nodiscard]] auto hugepage_path(std::optional<Size> size, std::string_view node, Translating& at)
    -> std::optional<std::string>;

/// Whether a memory device's content is to be there before the guest runs.
[[nodiscard]] auto is_preallocated(MemoryRequest const& request, Translating const& at) -> bool;

/// -m, -overcommit and the memory of a machine without NUMA topology.
void translate_memory(Translating& at);
/// The guest's cells, their memory, distances and performance.
void translate_numa(Translating& at);
/// What -machine says of memory.
void set_machine_memory(Option& machine, Translating const& at);

} // namespace vmwright::inline v0::qemu::detail
