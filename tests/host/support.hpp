// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "temporary_directory.hpp"

#include <vmwright/core/error.hpp>
#include <vmwright/host/host.hpp>
#include <vmwright/qemu/profiles.hpp>

#include <fstream>
#include <optional>
#include <string>
#include <string_view>

/// Options of a Host in that directory that asks no emulator which a shipped profile knows.
inline auto options_in(std::string const& root) -> vmwright::HostOptions
{
    vmwright::HostOptions options;
    options.root = root;
    options.profile_text = &vmwright::qemu::profile_text;
    options.program = "a test";
    return options;
}

/// A guest that is only firmware, under TCG.
inline auto small_guest(std::string const& name) -> vmwright::DomainConfig
{
    vmwright::DomainConfig config{.name = name, .memory = vmwright::MiB(32)};
    config.os.machine = "q35";
    config.features.acpi = true;
    config.devices.consoles.push_back({});
    config.devices.videos.push_back({});
    config.devices.videos.back().model.type = vmwright::VideoType::none;
    return config;
}

/// The error that a call throws.
auto error_of(auto const& call) -> std::optional<vmwright::Error>
{
    try {
        static_cast<void>(call());
    } catch (vmwright::Error const& error) {
        return error;
    }
    return std::nullopt;
}

inline auto text_of(std::string const& path) -> std::string
{
    std::ifstream file{path};
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// Ends the domain with the test, whatever becomes of the test.
struct Ended
{
    vmwright::Domain domain;

    explicit Ended(vmwright::Domain d)
        : domain{std::move(d)}
    {
    }
    Ended(Ended const&) = delete;
    auto operator=(Ended const&) -> Ended& = delete;
    ~Ended()
    {
        try {
            if (domain.is_active())
                domain.destroy();
        } catch (std::exception const&) {
        }
    }
};
