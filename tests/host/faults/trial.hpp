// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "fake_guest.hpp"

#include <vmwright/host/host.hpp>

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

/// An operation that is interrupted at each of its steps, in a root of its own, with the domain 'bystander' running beside.
struct Trial
{
    std::string name{};
    /// Makes what the operation begins with.
    std::function<void(vmwright::Host const&)> prepare{};
    std::function<boost::asio::awaitable<void>(vmwright::Host)> operation{};
    /// Looks, through a Host that was opened afterwards, whether it has happened, or not happened: anything else fails.
    std::function<void(vmwright::Host const&)> judge{};
    Emulator emulator{}; ///< of all its guests
};

/// The emulators, fake and real, that work in the root, by their command lines.
[[nodiscard]] auto emulators_in(std::string const& root) -> std::set<int>;

/// The operations on domains that all kinds of interruption are tried on.
[[nodiscard]] auto trials(Emulator emulator = Emulator::fake) -> std::vector<Trial>;

/// Those that change what a domain is.
[[nodiscard]] auto setting_trials() -> std::vector<Trial>;

/// What is left to do when a guest ended that QEMU keeps: begun by the guest, carried out by whoever is there.
[[nodiscard]] auto kept_trials() -> std::vector<Trial>;

/// A root with the bystander and what the operation begins with; its guests end with it.
class Arena
{
public:
    explicit Arena(Trial const& trial);
    Arena(Arena const&) = delete;
    auto operator=(Arena const&) -> Arena& = delete;
    ~Arena();

    [[nodiscard]] auto root() const -> std::string const&;
    [[nodiscard]] auto options() const -> vmwright::HostOptions;
    /// Removes what is left of 'guest' and makes anew what the operation begins with; the bystander runs on.
    void renew() const;
    /// Opens the root anew and judges: the operation by its own rule; the bystander, its definition and its process must be
    /// as they were, and no process, run, lock or half-written file may be there that belongs to nothing.
    void judge() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};
