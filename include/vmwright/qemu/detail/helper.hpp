// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/translating.hpp>
#include <vmwright/qemu/helper.hpp>

#include <string>
#include <string_view>

namespace vmwright::inline v0::qemu::detail
{

/// The helper of a device, with its connection's slot and without any option yet.
[[nodiscard]] auto helper_for(HelperKind kind, std::string_view program, DeviceInfo const& info, std::string_view node)
    -> Helper;
/// An option of a helper, for the node that asked for it. The reference holds until the next one.
auto add_option(std::vector<Option>& options, std::string_view name, std::string_view node, std::string_view rule = {})
    -> Option&;

[[nodiscard]] auto is_virtiofs(Filesystem const& filesystem) -> bool;
[[nodiscard]] auto uses_passt(Interface const& nic) -> bool;

// One helper a device. The device's own options have a slot for the connection.
[[nodiscard]] auto swtpm(Tpm const& tpm, std::string const& node, Translating& at) -> Helper;
[[nodiscard]] auto virtiofsd(Filesystem const& filesystem, std::string const& node, Translating& at) -> Helper;
[[nodiscard]] auto passt(Interface const& nic, std::string const& node, Translating& at) -> Helper;

} // namespace vmwright::inline v0::qemu::detail
