// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qmp/command.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vmwright::inline v0::qmp
{

struct PciDeviceClass
{
    std::optional<std::string> desc{};
    std::int64_t class_{};

    bool operator==(PciDeviceClass const&) const = default;
};

struct PciDeviceId
{
    std::int64_t device{};
    std::int64_t vendor{};
    std::optional<std::int64_t> subsystem{};
    std::optional<std::int64_t> subsystem_vendor{};

    bool operator==(PciDeviceId const&) const = default;
};

struct PciBusInfo
{
    std::int64_t number{};
    std::int64_t secondary{};
    std::int64_t subordinate{};

    bool operator==(PciBusInfo const&) const = default;
};

struct PciDeviceInfo;

struct PciBridgeInfo
{
    PciBusInfo bus{};
    std::optional<std::vector<PciDeviceInfo>> devices; // without initializer: clang 14 would want the element complete
};

/// Without memory regions and interrupts.
struct PciDeviceInfo
{
    std::int64_t bus{}; ///< as the firmware numbered it; 0 before that
    std::int64_t slot{};
    std::int64_t function{};
    PciDeviceClass class_info{};
    PciDeviceId id{};
    std::string qdev_id{}; ///< empty for devices that belong to the machine
    std::optional<PciBridgeInfo> pci_bridge{};
};

struct PciInfo
{
    std::int64_t bus{};
    std::vector<PciDeviceInfo> devices{};
};

struct query_pci
{
    static constexpr std::string_view name{"query-pci"};
    using Reply = std::vector<PciInfo>;
};

extern template struct CommandCodec<query_pci>;

} // namespace vmwright::inline v0::qmp
