// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/host_facts.hpp>
#include <vmwright/qemu/impl/json_file.ipp>

namespace vmwright::inline v0::qemu
{

namespace detail::firmware_descriptor
{
namespace
{

namespace json = boost::json;

auto member(json::value const& in, std::string_view name) -> json::value const&
{
    static json::value const nothing{};
    auto const* object = in.if_object();
    auto const* found = object ? object->if_contains(name) : nullptr;
    return found ? *found : nothing;
}

auto text(json::value const& in) -> std::string
{
    auto const* string = in.if_string();
    return string ? std::string{string->data(), string->size()} : std::string{};
}

auto texts(json::value const& in) -> std::vector<std::string>
{
    std::vector<std::string> list;
    if (auto const* array = in.if_array())
        for (auto const& element : *array)
            list.push_back(text(element));
    return list;
}

} // namespace
} // namespace detail::firmware_descriptor

auto read_firmware_descriptor(std::string_view document) -> Result<FirmwareDescriptor>
{
    using namespace detail::firmware_descriptor;
    try {
        auto const root = detail::json_file::parse(document, "a firmware descriptor", {});
        auto const& mapping = member(root, "mapping");
        FirmwareDescriptor image{
            .interfaces = texts(member(root, "interface-types")),
            .device = text(member(mapping, "device")),
            .features = texts(member(root, "features")),
        };
        if (auto const* targets = member(root, "targets").if_array())
            for (auto const& target : *targets)
                image.targets.push_back(
                    {.architecture = text(member(target, "architecture")), .machines = texts(member(target, "machines"))});
        if (image.device == "flash") {
            auto const& executable = member(mapping, "executable");
            auto const& variables = member(mapping, "nvram-template");
            auto const mode = text(member(mapping, "mode"));
            image.mode = mode.empty() ? "split" : mode;
            image.executable = text(member(executable, "filename"));
            image.format = text(member(executable, "format"));
            image.nvram_template = text(member(variables, "filename"));
            image.nvram_format = text(member(variables, "format"));
        } else
            image.executable = text(member(mapping, "filename"));
        if (image.executable.empty())
            throw Error{Errc::corrupt_state, "names no image"};
        return image;
    } catch (Error const& error) {
        return error.with({.object = "firmware descriptor"});
    }
}

} // namespace vmwright::inline v0::qemu
