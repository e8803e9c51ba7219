// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/detail/runtime.hpp>
#include <vmwright/host/detail/store.hpp>
#include <vmwright/host/host.hpp>
#include <vmwright/qemu/capabilities.hpp>

#include <boost/asio/awaitable.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace vmwright::inline v0::detail
{

/// What the emulators on this machine can do: from the profile that ships for that very build, else from the root's cache,
/// else asked of the binary, once. On the Host's executor.
class Emulators
{
public:
    Emulators(Store const& store, HostOptions const& options, std::shared_ptr<Runtime> runtime);

    using Shared = std::shared_ptr<qemu::Capabilities const>;

    /// The emulator that a configuration names or its architecture implies. Without the binary, the profile that ships for
    /// its architecture does for everything but a start.
    [[nodiscard]] auto find(DomainConfig const& config) -> boost::asio::awaitable<Shared>;
    [[nodiscard]] auto find_binary(std::string path, std::string arch) -> boost::asio::awaitable<Shared>;

    /// The path of the emulator for an architecture, in QEMU's word or libvirt's; this machine's when empty.
    [[nodiscard]] auto binary_for(std::string_view arch) const -> std::string;

private:
    [[nodiscard]] auto shipped(std::string_view arch) const -> std::optional<qemu::Capabilities>;
    [[nodiscard]] auto cached(std::string const& file, std::string_view identity) const -> std::optional<qemu::Capabilities>;
    [[nodiscard]] auto ask(std::string binary) const -> boost::asio::awaitable<qemu::Capabilities>;

    Store const& store_;
    HostOptions const& options_;
    std::shared_ptr<Runtime> runtime_;
    std::map<std::string, Shared, std::less<>> known_; ///< by identity
};

} // namespace vmwright::inline v0::detail
