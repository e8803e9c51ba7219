// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/machine/local_machine.hpp>

#include <atomic>
#include <functional>
#include <string>
#include <string_view>

/// This machine, whose steps are counted while it is armed; at the one of that number something happens.
class FaultyMachine final : public vmwright::LocalMachine
{
public:
    /// Called at the step; it may throw what the step would throw.
    std::function<void(std::string_view step, std::string const& object)> fault{};

    /// Counts from 1 from now on.
    void arm(int at)
    {
        count_ = 0;
        at_ = at;
    }
    void disarm() { at_ = 0; }
    [[nodiscard]] auto steps() const -> int { return count_; }

private:
    void before(std::string_view step, std::string const& object) override
    {
        if (at_ != 0 && ++count_ == at_)
            fault(step, object);
    }

    std::atomic<int> count_{};
    std::atomic<int> at_{};
};
