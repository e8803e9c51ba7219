// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/detail/store.hpp>
#include <vmwright/host/start.hpp>
#include <vmwright/machine/process.hpp>
#include <vmwright/machine/spawn.hpp>

#include <memory>
#include <string>

namespace vmwright::inline v0::detail
{

/// Makes the processes of domains. Those of bound ones are children of a thread of its own: PR_SET_PDEATHSIG follows the
/// thread, so they end when this ends, or the program, and not with whatever thread of an embedder's asked for them.
class Nurse
{
public:
    explicit Nurse(Store const& store);
    Nurse(Nurse const&) = delete;
    auto operator=(Nurse const&) -> Nurse& = delete;
    ~Nurse();

    /// Any thread. Blocks until the process is there; throws as Machine::spawn, and Errc::cancelled after end().
    [[nodiscard]] auto spawn(ProcessSpec spec, OwnerPolicy policy) -> Process;
    /// Any thread. A run that is bound by SIGKILL, of which end() writes down that it was ended.
    void took(std::string const& name, int id);
    /// Any thread. Ends what is bound. Those that end at once are gone when it returns.
    void end();

private:
    struct Thread;
    Store const& store_;
    std::unique_ptr<Thread> thread_;
};

} // namespace vmwright::inline v0::detail
