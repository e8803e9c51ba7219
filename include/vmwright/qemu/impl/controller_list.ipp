// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/controller.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace vmwright::inline v0::qemu::detail
{

auto companion_function(Controller const& c) -> std::optional<std::uint32_t>
{
    constexpr std::pair<std::string_view, std::uint32_t> functions[] = {
        {"ich9-ehci1", 7}, {"ich9-uhci1", 0}, {"ich9-uhci2", 1}, {"ich9-uhci3", 2}};
    for (auto const& [model, function] : functions)
        if (c.type == ControllerType::usb && c.model == model)
            return function;
    return std::nullopt;
}

auto is_companion(Controller const& c) -> bool
{
    return c.master_startport || companion_function(c).value_or(7) != 7;
}

auto controller_order(std::vector<Controller> const& list) -> std::vector<std::size_t>
{
    std::vector<std::size_t> order;
    auto const index = [&](std::size_t i) { return list[i].index ? static_cast<std::int64_t>(*list[i].index) : -1; };
    for (std::size_t i = 0; i < list.size(); ++i) {
        auto const& c = list[i];
        auto at = order.size();
        auto found = false;
        for (auto place = order.size(); place-- > 0;) {
            auto const& other = list[order[place]];
            if (other.type != c.type)
                continue;
            auto const is_its_companion = !is_companion(c) && is_companion(other) && index(order[place]) == index(i);
            if (c.index && (index(order[place]) > index(i) || is_its_companion))
                at = place;
            else if (!found)
                at = place + 1;
            found = true;
            if (!c.index)
                break;
        }
        order.insert(order.begin() + static_cast<std::ptrdiff_t>(at), i);
    }
    return order;
}

auto controller_indexes(std::vector<Controller> const& list) -> std::vector<std::uint32_t>
{
    std::vector<std::optional<std::uint32_t>> indexes;
    for (auto const& c : list)
        indexes.push_back(c.index);
    auto const is_taken = [&](Controller const& c, std::uint32_t index, bool by_model) {
        for (std::size_t i = 0; i < list.size(); ++i)
            if (list[i].type == c.type && indexes[i] == index && (!by_model || list[i].model == c.model))
                return true;
        return false;
    };
    std::vector<std::uint32_t> result;
    for (std::size_t i = 0; i < list.size(); ++i) {
        auto const& c = list[i];
        if (!indexes[i]) {
            auto const follows = i > 0 && companion_function(c) && companion_function(list[i - 1]);
            auto const joins = follows && !is_taken(c, *indexes[i - 1], true);
            auto index = joins ? *indexes[i - 1] : 0U;
            while (!joins && is_taken(c, index, false))
                ++index;
            indexes[i] = index;
        }
        result.push_back(*indexes[i]);
    }
    return result;
}

} // namespace vmwright::inline v0::qemu::detail
