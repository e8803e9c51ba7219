// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "host/support.hpp"

#include <vmwright/machine/build_id.hpp>
#include <vmwright/machine/local_machine.hpp>
#include <vmwright/qemu/capabilities.hpp>

#include <string>
#include <string_view>

/// The shipped profile of QEMU 7.2 as one of the fake QEMU, which is then not asked what it can do.
inline auto fake_profile(std::string_view name) noexcept -> std::string_view
{
    static auto const text = [name] {
        vmwright::LocalMachine machine;
        auto capabilities = vmwright::qemu::load_capabilities(vmwright::qemu::profile_text(name)).value();
        capabilities.identity = "build-id " + vmwright::build_id(machine, VMWRIGHT_FAKE_QEMU);
        return vmwright::qemu::save(capabilities);
    }();
    return name == "qemu-7.2-x86_64" ? std::string_view{text} : std::string_view{};
}

inline auto fake_options(std::string const& root) -> vmwright::HostOptions
{
    auto options = options_in(root);
    options.profile_text = &fake_profile;
    return options;
}

/// A domain of the fake QEMU, which follows the script (tests/fake_qemu/script.hpp).
inline auto fake_guest(std::string const& name, std::string const& script = {}) -> vmwright::DomainConfig
{
    auto config = small_guest(name);
    config.devices.emulator = VMWRIGHT_FAKE_QEMU;
    if (!script.empty())
        config.qemu.command_line.environment.push_back({"FAKE_QEMU", script});
    return config;
}

/// What runs the guests of a test.
enum class Emulator
{
    fake,
    real,
};

inline auto options_for(Emulator emulator, std::string const& root) -> vmwright::HostOptions
{
    return emulator == Emulator::fake ? fake_options(root) : options_in(root);
}

inline auto guest_for(Emulator emulator, std::string const& name) -> vmwright::DomainConfig
{
    return emulator == Emulator::fake ? fake_guest(name) : small_guest(name);
}
