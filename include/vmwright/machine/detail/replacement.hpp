// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/machine/fd.hpp>

#include <cstdint>
#include <string>
#include <utility>

namespace vmwright::inline v0::detail
{

/// False when somebody else has the lock.
[[nodiscard]] auto lock_whole_file(int fd, std::string const& path) -> bool;

/// A new file beside the one that it is to replace; gone with this object unless it did. It is locked, so that what a
/// process leaves that is killed is told from what another is about to finish.
class Replacement
{
public:
    Replacement(std::string const& target, std::uint32_t mode);
    Replacement(Replacement const&) = delete;
    auto operator=(Replacement const&) -> Replacement& = delete;
    ~Replacement();

    [[nodiscard]] auto fd() const noexcept -> int { return file_.get(); }
    void commit();
    /// The file, still locked.
    [[nodiscard]] auto release() -> UniqueFd { return std::move(file_); }

private:
    std::string const& target_;
    std::string name_;
    UniqueFd file_;
};

/// Removes what Replacements left in the directory whose processes were killed.
void remove_replacements(std::string const& directory);

} // namespace vmwright::inline v0::detail
