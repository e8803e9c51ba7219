// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/machine/detail/pidfd_process.hpp>
#include <vmwright/machine/detail/system_failure.hpp>
#include <vmwright/machine/spawn.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// What the child runs must not report to a sanitizer: it would write into the books of the thread that waits for it.
#if defined(__clang__)
#define VMWRIGHT_UNSANITIZED                                                                                                \
    __attribute__((disable_sanitizer_instrumentation, no_sanitize("address", "thread", "undefined")))
#else
#define VMWRIGHT_UNSANITIZED __attribute__((no_sanitize("address", "thread", "undefined")))
#endif

// libc's clone under its other name: ThreadSanitizer replaces the first, and takes the call for a fork.
extern "C" auto __clone(int (*function)(void*), void* stack, int flags, void* argument, ...) -> int;

namespace vmwright::inline v0
{

namespace detail::spawn
{
namespace
{

enum class Step
{
    none,
    setsid,
    dup2,
    close_range,
    chdir,
    prctl,
    exec
};

constexpr std::array<std::string_view, 7> step_names{
    "", "spawn: setsid", "spawn: dup2", "spawn: close_range", "spawn: chdir", "spawn: prctl", "spawn: exec",
};

struct Slot
{
    int number{};
    int ours{};
    int high{}; ///< where `ours` waits, above all numbers, until each number is free to be taken
};

/// What the child reads, and where it leaves the reason of its failure: in our memory, which it shares until exec.
struct Child
{
    char const* executable{};
    char* const* arguments{};
    char* const* environment{};
    char const* directory{}; ///< null: stay
    Slot* slots{};           ///< ordered by number
    std::size_t slot_count{};
    int highest{};
    int death_signal{};
    long parent{};
    bool new_session{};
    Step failed{};
    int error{};
};

/// The kernel's idea of a signal set; glibc's functions keep two of the signals for themselves.
using KernelSignals = std::uint64_t;

/// All zero is SIG_DFL without flags in every layout of the kernel's struct.
constexpr std::array<unsigned long, 8> default_action{};
constexpr KernelSignals no_signals{0};

/// Becomes the program, or tells the step that failed and leaves its errno.
/// System calls go past libc's wrappers, which a sanitizer may have replaced.
VMWRIGHT_UNSANITIZED auto failing_step(Child& child) -> Step
{
    for (int number = 1; number <= 64; ++number)
        ::syscall(SYS_rt_sigaction, number, &default_action, nullptr, sizeof(KernelSignals));

    if (child.new_session && ::syscall(SYS_setsid) < 0)
        return Step::setsid;

    auto* const end = child.slots + child.slot_count;
    for (auto* slot = child.slots; slot != end; ++slot) {
        slot->high = static_cast<int>(::syscall(SYS_fcntl, slot->ours, F_DUPFD_CLOEXEC, child.highest + 1));
        if (slot->high < 0)
            return Step::dup2;
    }
    int next = 0;
    for (auto* slot = child.slots; slot != end; ++slot) {
        if (::syscall(SYS_dup3, slot->high, slot->number, 0) < 0)
            return Step::dup2;
        if (next < slot->number && ::syscall(SYS_close_range, next, slot->number - 1, 0) < 0)
            return Step::close_range;
        next = slot->number + 1;
    }
    if (::syscall(SYS_close_range, next, ~0U, 0) < 0)
        return Step::close_range;

    if (child.directory != nullptr && ::syscall(SYS_chdir, child.directory) < 0)
        return Step::chdir;

    if (child.death_signal != 0) {
        if (::syscall(SYS_prctl, PR_SET_PDEATHSIG, child.death_signal, 0, 0, 0) < 0)
            return Step::prctl;
        // The parent may have died before that; 0 is a parent outside of our pid namespace.
        auto const parent = ::syscall(SYS_getppid);
        if (parent != child.parent && parent != 0) {
            errno = ESRCH;
            return Step::prctl;
        }
    }

    ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &no_signals, nullptr, sizeof no_signals);
    ::syscall(SYS_execve, child.executable, child.arguments, child.environment);
    return Step::exec;
}

VMWRIGHT_UNSANITIZED auto run_child(void* memory) -> int
{
    auto& child = *static_cast<Child*>(memory);
    child.failed = failing_step(child);
    child.error = errno;
    for (;;)
        ::syscall(SYS_exit_group, 127);
}

class Stack
{
public:
    Stack()
        : base_{::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0)}
    {
        if (base_ == MAP_FAILED)
            throw system_failure(Errc::spawn_failed, "no memory for the stack of a new process", errno, "spawn: clone");
    }
    Stack(Stack const&) = delete;
    auto operator=(Stack const&) -> Stack& = delete;
    ~Stack() { ::munmap(base_, size); }

    [[nodiscard]] auto top() const noexcept -> void* { return static_cast<std::byte*>(base_) + size; }

private:
    static constexpr std::size_t size{64 * 1024};
    void* base_;
};

/// While it lives no signal reaches this thread: a handler in the child would run on our memory.
class SignalsBlocked
{
public:
    SignalsBlocked() noexcept
    {
        KernelSignals const all{~KernelSignals{0}};
        ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &before_, sizeof all);
    }
    SignalsBlocked(SignalsBlocked const&) = delete;
    auto operator=(SignalsBlocked const&) -> SignalsBlocked& = delete;
    ~SignalsBlocked() { ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &before_, nullptr, sizeof before_); }

private:
    KernelSignals before_{};
};

auto pointers(std::vector<std::string> const& strings) -> std::vector<char*>
{
    std::vector<char*> list;
    for (auto const& text : strings)
        list.push_back(const_cast<char*>(text.c_str()));
    list.push_back(nullptr);
    return list;
}

auto slots(std::vector<PassedFd> const& fds, int null) -> std::vector<Slot>
{
    std::vector<Slot> list;
    for (auto const& fd : fds)
        list.push_back({.number = fd.number, .ours = fd.ours});
    for (auto number = 0; number <= 2; ++number)
        if (std::ranges::find(fds, number, &PassedFd::number) == fds.end())
            list.push_back({.number = number, .ours = null});
    std::ranges::sort(list, {}, &Slot::number);
    return list;
}

void check(ProcessSpec const& spec)
{
    auto const refuse = [](std::string const& what) { throw Error{Errc::invalid_argument, what}; };
    if (!spec.executable.starts_with('/'))
        refuse("the executable '" + spec.executable + "' is not an absolute path");
    for (auto fd = spec.fds.begin(); fd != spec.fds.end(); ++fd) {
        if (fd->number < 0)
            refuse("a passed file descriptor cannot have the number " + std::to_string(fd->number));
        if (std::ranges::find(fd + 1, spec.fds.end(), fd->number, &PassedFd::number) != spec.fds.end())
            refuse("two file descriptors are passed under the number " + std::to_string(fd->number));
    }
}

auto environment_of(ProcessSpec const& spec) -> std::vector<std::string>
{
    auto variables = spec.more_environment;
    auto const add = [&](std::string_view variable) {
        auto const name = variable.substr(0, variable.find('=') + 1);
        if (std::ranges::none_of(spec.more_environment, [&](std::string const& m) { return m.starts_with(name); }))
            variables.emplace_back(variable);
    };
    if (spec.environment)
        std::ranges::for_each(*spec.environment, add);
    else
        for (auto const* const* at = environ; *at != nullptr; ++at)
            add(*at);
    return variables;
}

} // namespace
} // namespace detail::spawn

auto spawn(ProcessSpec const& spec) -> Process
{
    using namespace detail::spawn;
    check(spec);
    auto const failure = [&spec](int error, std::string_view step) {
        return detail::system_failure(Errc::spawn_failed, "cannot start '" + spec.executable + "'", error, step);
    };

    UniqueFd const null{::open("/dev/null", O_RDWR | O_CLOEXEC)};
    if (!null)
        throw failure(errno, "spawn: open /dev/null");
    auto list = slots(spec.fds, null.get());
    auto arguments = pointers(spec.arguments);
    arguments.insert(arguments.begin(), const_cast<char*>(spec.executable.c_str()));
    auto const variables = environment_of(spec);
    auto const environment = pointers(variables);

    Child child{
        .executable = spec.executable.c_str(),
        .arguments = arguments.data(),
        .environment = environment.data(),
        .directory = spec.directory.empty() ? nullptr : spec.directory.c_str(),
        .slots = list.data(),
        .slot_count = list.size(),
        .highest = list.back().number,
        .death_signal = spec.death_signal,
        .parent = ::syscall(SYS_getpid),
        .new_session = spec.new_session,
    };
    Stack const stack;
    int pidfd{-1};
    int pid{};
    int clone_error{};
    {
        SignalsBlocked const blocked;
        pid = ::__clone(run_child, stack.top(), CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, &child, &pidfd);
        clone_error = errno;
    }
    if (pid < 0)
        throw failure(clone_error, "spawn: clone");

    auto backend = std::make_shared<detail::PidfdProcess>(UniqueFd{pidfd});
    if (child.failed != Step::none) {
        Process{{pid, 0}, backend}.wait();
        throw failure(child.error, step_names.at(static_cast<std::size_t>(child.failed)));
    }
    return {find_process(pid).value_or(ProcessId{pid, 0}), std::move(backend)};
}

} // namespace vmwright::inline v0

#undef VMWRIGHT_UNSANITIZED
