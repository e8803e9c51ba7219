// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/detail/driver.hpp>
#include <vmwright/host/detail/emulators.hpp>
#include <vmwright/host/detail/nurse.hpp>
#include <vmwright/host/detail/runtime.hpp>

#include <cstdint>
#include <memory>
#include <set>
#include <string>

namespace vmwright::inline v0::detail
{

class QemuDriver final : public Driver
{
public:
    QemuDriver(Store const& store, HostOptions const& options, std::shared_ptr<Runtime> runtime, Nurse& nurse);

    [[nodiscard]] auto runs(DomainType type) const -> bool override;
    [[nodiscard]] auto resolve(DomainConfig config) -> boost::asio::awaitable<Checked<DomainConfig>> override;
    [[nodiscard]] auto plan(DomainConfig config) -> boost::asio::awaitable<Checked<qemu::Plan>> override;
    [[nodiscard]] auto check_start(StartOrder const& order) -> boost::asio::awaitable<void> override;
    [[nodiscard]] auto start(StartOrder order) -> boost::asio::awaitable<Started> override;
    [[nodiscard]] auto open(std::string name, RunStatus const& status) -> std::shared_ptr<Guest> override;
    [[nodiscard]] auto told_memory(std::string_view name) const -> std::optional<Size> override;
    [[nodiscard]] auto emulator(std::string arch) -> boost::asio::awaitable<EmulatorInfo> override;
    [[nodiscard]] auto domain_capabilities(CapabilitiesQuery query) -> boost::asio::awaitable<DomainCapabilities> override;
    [[nodiscard]] auto capabilities() -> boost::asio::awaitable<HostCapabilities> override;

private:
    [[nodiscard]] auto facts(std::string_view name) const -> qemu::HostFacts;
    /// What the emulator of a start can do; throws where it is not there or cannot be asked.
    [[nodiscard]] auto find_emulator(StartOrder const& order) -> boost::asio::awaitable<Emulators::Shared>;

    Store const& store_;
    HostOptions const& options_;
    std::shared_ptr<Runtime> runtime_;
    Nurse& nurse_;
    Emulators emulators_;
    std::multiset<std::uint16_t> ports_promised_; ///< to starts that are under way
};

} // namespace vmwright::inline v0::detail
