// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/pipeline.hpp>

#include <string>

namespace vmwright::inline v0::qemu
{

/// 16 hex digits that stand for what the guest sees of a plan: machine, CPU, memory, firmware, boot order, clock, and each
/// device with its place and properties. What is behind a device on the host (images, networks, displays, character
/// devices), names and ids do not count. Equal for plans that give the guest the same hardware; stable across runs and
/// hosts, not across versions of the library. No cryptographic hash.
[[nodiscard]] auto fingerprint(Plan const& plan) -> std::string;

} // namespace vmwright::inline v0::qemu
