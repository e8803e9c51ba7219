// SPDX-License-Identifier: BSL-1.0
//
// Small documents with some devices in them, and what is said of them.
#pragma once

#include <vmwright/qemu/pipeline.hpp>
#include <vmwright/qemu/profiles.hpp>
#include <vmwright/xml/domain.hpp>

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace documents
{

using namespace vmwright;

inline auto profile(std::string_view arch) -> qemu::Capabilities
{
    return qemu::load_capabilities(qemu::profile_text(qemu::shipped_profile(arch))).value();
}

struct Board
{
    std::string arch{"x86_64"};
    std::string machine{"q35"};
};

inline auto text_with(std::string_view devices, Board const& m) -> std::string
{
    return fmt::format("<domain type='qemu'><name>d</name><memory unit='MiB'>64</memory><os><type arch='{}' "
                       "machine='{}'>hvm</type></os><devices>{}</devices></domain>",
                       m.arch, m.machine, devices);
}

/// The message of the first fault of a document with those devices; empty when there is none.
inline auto fault(std::string_view devices, Board const& m = {}) -> std::string
{
    auto const parsed = xml::read_domain(text_with(devices, m));
    for (auto const& d : parsed.diagnostics)
        return d.message;
    for (auto const& d : qemu::plan(parsed.result, profile(qemu::emulator_arch(m.arch)), qemu::debian12()).diagnostics)
        return d.message;
    return {};
}

inline auto has(std::string_view text, std::string_view part) -> bool
{
    return text.find(part) != std::string_view::npos;
}

/// The argv, joined by line breaks, of a start with that id.
inline auto argv_of_start(std::string_view devices, int id) -> std::string
{
    auto const capabilities = profile("x86_64");
    auto const config = xml::read_domain(text_with(devices, {})).value();
    auto const resolved = qemu::resolve(config, capabilities, qemu::debian12()).value();
    auto const live = qemu::prepare(resolved, qemu::debian12(), id).value();
    std::string text;
    for (auto const& argument : qemu::arguments(qemu::command_line(live, capabilities, qemu::debian12()).value()))
        text += argument + '\n';
    return text;
}

/// What define would keep of a document with those devices.
inline auto kept(std::string_view devices, Board const& m = {}) -> Devices
{
    auto const config = xml::read_domain(text_with(devices, m)).value();
    return qemu::resolve(config, profile(qemu::emulator_arch(m.arch)), qemu::debian12()).value().config.devices;
}

} // namespace documents
