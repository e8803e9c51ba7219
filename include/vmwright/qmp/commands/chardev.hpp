// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qmp/command.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace vmwright::inline v0::qmp
{

struct ChardevInfo
{
    std::string label{};
    std::string filename{}; ///< for a pty "pty:/dev/pts/N"
    bool frontend_open{};

    bool operator==(ChardevInfo const&) const = default;
};

struct query_chardev
{
    static constexpr std::string_view name{"query-chardev"};
    using Reply = std::vector<ChardevInfo>;
};

extern template struct CommandCodec<query_chardev>;

} // namespace vmwright::inline v0::qmp
