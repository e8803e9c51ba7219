// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/detail/findings.hpp>
#include <vmwright/domain/address.hpp>
#include <vmwright/domain/encryption.hpp>

#include <string>

namespace vmwright::inline v0::detail
{

// Rules about what several kinds of objects have.

/// The address of a device of the host.
void check_pci(PciAddress const& address, std::string const& node, Findings const& at);
void check_secret_name(SecretName const& secret, std::string const& node, Findings const& at);
/// How an image is encrypted that is to be made.
void check_new_encryption(Encryption const& encryption, std::string const& node, Findings const& at);

} // namespace vmwright::inline v0::detail
