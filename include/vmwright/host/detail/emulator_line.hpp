// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/pipeline.hpp>

#include <string_view>
#include <vector>

namespace vmwright::inline v0::detail
{

/// A line of the log, without the time before it.
struct EmulatorLine
{
    std::string_view text{}; ///< without program and option, too
    bool is_warning{};
    std::vector<qemu::Option>::const_iterator option{}; ///< the one that it quotes; the end when it quotes none
    bool is_backing{};                                  ///< it is about the image that an image is based on
};

/// The lines of an emulator's log, which has to outlive them, as the plan that it was started with.
[[nodiscard]] auto emulator_lines(std::string_view log, qemu::Plan const& plan) -> std::vector<EmulatorLine>;

/// The text without that at its beginning, where it is there.
[[nodiscard]] auto without_prefix(std::string_view text, std::string_view prefix) -> std::string_view;

} // namespace vmwright::inline v0::detail
