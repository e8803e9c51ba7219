// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/machine/detail/replacement.hpp>
#include <vmwright/machine/detail/system_failure.hpp>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace vmwright::inline v0::detail
{

namespace replacement
{
namespace
{

// Not made of the target's name, with which it could become too long.
constexpr auto prefix = std::string_view{".vmwright-"};

auto directory_of(std::string const& path) -> std::string
{
    auto const slash = path.rfind('/');
    if (slash == path.npos)
        return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

auto is_linked(int fd) -> bool
{
    struct stat found
    {
    };
    return ::fstat(fd, &found) == 0 && found.st_nlink > 0;
}

} // namespace
} // namespace replacement

Replacement::Replacement(std::string const& target, std::uint32_t mode)
    : target_{target}
{
    // Between the birth of a file and its lock somebody may take it for a leftover; then there is another.
    for (;;) {
        auto name = replacement::directory_of(target).append("/").append(replacement::prefix).append("XXXXXX");
        file_.reset(::mkostemp(name.data(), O_CLOEXEC));
        if (!file_)
            throw_file_failure("write", target);
        name_ = name;
        if (lock_whole_file(file_.get(), target) && replacement::is_linked(file_.get()))
            break;
    }
    if (::fchmod(file_.get(), mode) < 0)
        throw_file_failure("set the mode of", target);
}

Replacement::~Replacement()
{
    if (!name_.empty())
        ::unlink(name_.c_str());
}

void Replacement::commit()
{
    if (::rename(name_.c_str(), target_.c_str()) < 0)
        throw_file_failure("replace", target_);
    name_.clear();
}

void remove_replacements(std::string const& directory)
{
    std::unique_ptr<DIR, int (*)(DIR*)> const entries{::opendir(directory.c_str()), &::closedir};
    if (!entries)
        return;
    while (auto const* const entry = ::readdir(entries.get())) {
        if (!std::string_view{entry->d_name}.starts_with(replacement::prefix))
            continue;
        auto const path = directory + "/" + entry->d_name;
        UniqueFd const file{::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW)};
        if (file && lock_whole_file(file.get(), path))
            ::unlink(path.c_str());
    }
}

} // namespace vmwright::inline v0::detail
