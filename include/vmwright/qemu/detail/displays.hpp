// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/domain.hpp>
#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <cstdint>
#include <string>

namespace vmwright::inline v0::qemu::detail
{

// The kinds of displays, beside their translators.
void complete(VncGraphics& vnc, std::string const& node, Resolving const& at);
void complete(SpiceGraphics& spice, std::string const& node, Resolving const& at);

void translate(VncGraphics const& vnc, std::string const& node, Translating& at);
void translate(SpiceGraphics const& spice, std::string const& node, Translating& at);

void check(VncGraphics const& vnc, std::string const& node, Checking const& at);
void check(SpiceGraphics const& spice, std::string const& node, Checking const& at);

/// Which ports of a SPICE display a start chooses.
struct SpicePorts
{
    bool plain{};
    bool tls{};
};
[[nodiscard]] auto automatic_ports(SpiceGraphics const& spice, bool has_tls) -> SpicePorts;

/// Whether a display listens on the network, at its first listen.
[[nodiscard]] auto is_on_network(std::vector<GraphicsListen> const& listens) -> bool;

/// Gives a display one listen at least, which has what the old attribute says.
void complete_listens(std::vector<GraphicsListen>& listens, std::optional<std::string>& listen, std::string const& node,
                      Resolving const& at);

/// What displays with a password and a listen have in common.
void check_listens(std::vector<GraphicsListen> const& listens, std::optional<std::string> const& listen,
                   std::string const& node, Checking const& at);
void check_password_validity(std::optional<std::string> const& valid_to, std::string const& node, Checking const& at);

/// One start's choices for displays: ports, sockets, render nodes.
void prepare_graphics(DomainConfig& config, Origins& origins, HostFacts const& facts, std::string const& directory, int id,
                      Diagnostics& out);

} // namespace vmwright::inline v0::qemu::detail
