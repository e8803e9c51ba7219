// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/core/number_set.hpp>
#include <vmwright/core/size.hpp>
#include <vmwright/core/uuid.hpp>
#include <vmwright/domain/device.hpp>
#include <vmwright/domain/memory_backing.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace vmwright::inline v0
{

enum class MemoryModel
{
    dimm,
    nvdimm,
    virtio_pmem,
    virtio_mem,
    sgx_epc,
};
constexpr auto enum_names(MemoryModel)
{
    return name_list("dimm", "nvdimm", "virtio-pmem", "virtio-mem", "sgx-epc");
}

struct MemorySource
{
    std::optional<NumberSet> nodemask{}; ///< host NUMA nodes
    std::optional<Size> page_size{};
    std::string path{}; ///< of nvdimm and virtio-pmem: what the memory keeps its content in
    std::optional<Size> align_size{};
    bool pmem{}; ///< the path is persistent memory

    bool operator==(MemorySource const&) const = default;
};

struct MemoryTarget
{
    Size size{};
    std::optional<std::uint32_t> node{}; ///< guest NUMA node
    std::optional<Size> label{};         ///< the part of an nvdimm that has its labels
    bool read_only{};
    std::optional<Size> block{};     ///< the piece in which virtio-mem grows and shrinks
    std::optional<Size> requested{}; ///< what the guest shall use of virtio-mem
    std::optional<Size> current{};   ///< what it does use, of a running domain

    bool operator==(MemoryTarget const&) const = default;
};

/// Memory that the guest sees as a device of its own, so that it can be plugged.
struct MemoryDevice
{
    MemoryModel model{};
    std::optional<MemoryAccess> access{};
    std::optional<bool> discard{};
    std::optional<Uuid> uuid{};
    MemorySource source{};
    MemoryTarget target{};
    DeviceInfo info{};

    bool operator==(MemoryDevice const&) const = default;
};

} // namespace vmwright::inline v0
