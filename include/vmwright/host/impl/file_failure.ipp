// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/detail/file_failure.hpp>

#include <fmt/format.h>

#include <utility>

namespace vmwright::inline v0::detail
{

auto package_of(std::string_view path) -> std::string
{
    using Pair = std::pair<std::string_view, std::string_view>;
    for (auto const& [start, package] :
         {Pair{"/usr/share/OVMF/", "ovmf"}, Pair{"/usr/share/AAVMF/", "qemu-efi-aarch64"}, Pair{"/usr/share/ovmf/", "ovmf"},
          Pair{"/usr/share/seabios/", "seabios"}, Pair{"/usr/lib/ipxe/qemu/", "ipxe-qemu"},
          Pair{"/usr/share/qemu/", "qemu-system-data"}})
        if (path.starts_with(start))
            return std::string{package};
    auto const program = path.substr(path.rfind('/') + 1);
    for (auto const& [name, package] :
         {Pair{"qemu-img", "qemu-utils"}, Pair{"qemu-nbd", "qemu-utils"}, Pair{"swtpm", "swtpm"},
          Pair{"swtpm_setup", "swtpm-tools"}, Pair{"passt", "passt"},
          Pair{"virtiofsd", "qemu-system-common (virtiofsd since Debian 13)"}, Pair{"qemu-system-x86_64", "qemu-system-x86"},
          Pair{"qemu-system-i386", "qemu-system-x86"}, Pair{"qemu-system-aarch64", "qemu-system-arm"},
          Pair{"qemu-system-arm", "qemu-system-arm"}, Pair{"qemu-system-ppc64", "qemu-system-ppc"},
          Pair{"qemu-system-ppc", "qemu-system-ppc"}, Pair{"qemu-system-sparc64", "qemu-system-sparc"},
          Pair{"qemu-system-sparc", "qemu-system-sparc"}})
        if (program == name)
            return std::string{package};
    if (program.starts_with("qemu-system-mips"))
        return "qemu-system-mips";
    return program.starts_with("qemu-system-") ? "qemu-system-misc" : std::string{};
}

auto file_failure(std::string path, std::errc reason, bool writes) -> StartFailure
{
    auto const is_device = path.starts_with("/dev/") && !path.starts_with("/dev/shm/");
    StartFailure failure{.file = path, .writes = writes};
    auto const tell = [&](Errc code, std::string message, std::string hint) {
        failure.code = code;
        failure.message = std::move(message);
        failure.hint = std::move(hint);
    };
    switch (reason) {
    case std::errc::no_such_file_or_directory: {
        auto const package = package_of(path);
        tell(Errc::not_found, fmt::format("there is no {} '{}'", is_device ? "device" : "file", path),
             !package.empty() ? fmt::format("install Debian's package {}", package)
             : is_device      ? "plug it in, load its module, or name another one"
                              : "put it there, or name the file that is meant");
        failure.question = HostQuestion::what_file;
        break;
    }
    case std::errc::not_a_directory:
        tell(Errc::not_found, fmt::format("there is no '{}': a part of the path is no directory", path),
             "name the file that is meant");
        break;
    case std::errc::permission_denied:
        tell(Errc::permission_denied, fmt::format("'{}' may not be opened", path),
             "let this user read and write it, or run as its owner");
        failure.question = HostQuestion::access;
        break;
    case std::errc::operation_not_permitted:
        tell(Errc::permission_denied, fmt::format("'{}' may not be written to, also by its owner", path),
             "it may be immutable, which `lsattr` shows and `chattr -i` ends; or make the device <readonly/>");
        break;
    case std::errc::is_a_directory:
        tell(Errc::bad_file, fmt::format("'{}' is a directory", path), "name a file in it");
        break;
    case std::errc::read_only_file_system:
        tell(Errc::read_only, fmt::format("'{}' is on a file system that is mounted read-only", path),
             "mount it writable, or make the device <readonly/>");
        break;
    case std::errc::no_space_on_device:
        tell(Errc::no_space, fmt::format("no space is left for '{}'", path),
             fmt::format("free space on its file system: `df '{}'` shows it", path));
        break;
    case std::errc::too_many_files_open:
    case std::errc::too_many_files_open_in_system:
        tell(Errc::limit_exceeded, "too many files are open", "raise the limit of open files (ulimit -n, fs.file-max)");
        break;
    case std::errc::not_enough_memory:
        tell(Errc::out_of_memory, fmt::format("there is not memory enough for '{}'", path), "end other programs");
        break;
    case std::errc::no_such_device:
    case std::errc::no_such_device_or_address:
        tell(Errc::not_found, fmt::format("there is no device behind '{}'", path), "plug it in, or load its module");
        break;
    case std::errc::device_or_resource_busy:
    case std::errc::text_file_busy:
        tell(Errc::in_use, fmt::format("'{}' is in use", path), "end who has it (`fuser -v` shows who)");
        break;
    case std::errc::filename_too_long:
        tell(Errc::limit_exceeded, fmt::format("the path '{}' is too long", path), "name a shorter one");
        break;
    case std::errc::too_many_symbolic_link_levels:
        tell(Errc::bad_file, fmt::format("'{}' is a symbolic link that leads to itself", path), "mend the link");
        break;
    default:
        tell(Errc::io_failed, fmt::format("'{}' cannot be opened: {}", path, std::make_error_code(reason).message()),
             "the kernel's log (dmesg) may tell more");
        break;
    }
    return failure;
}

} // namespace vmwright::inline v0::detail
