// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "catch.hpp"
#include "temporary_directory.hpp"

#include <cstring>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

extern char** environ;

namespace qmp_tests
{

/// A QEMU with one monitor on a socket that was bound before it started, so nobody has to wait for it.
class Qemu
{
public:
    explicit Qemu(std::vector<std::string> arguments)
    {
        auto const listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        REQUIRE(listener >= 0);
        REQUIRE(::bind(listener, reinterpret_cast<::sockaddr const*>(&address_), sizeof address_) == 0);
        REQUIRE(::listen(listener, 1) == 0);

        std::vector<std::string> words{"qemu-system-x86_64",
                                       "-nodefaults",
                                       "-no-user-config",
                                       "-display",
                                       "none",
                                       "-S",
                                       "-chardev",
                                       "socket,id=qmp,server=on,wait=off,fd=100",
                                       "-mon",
                                       "chardev=qmp,mode=control"};
        words.insert(words.end(), arguments.begin(), arguments.end());
        std::vector<char*> argv;
        for (auto& word : words)
            argv.push_back(word.data());
        argv.push_back(nullptr);
        ::posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_adddup2(&actions, listener, 100);
        auto const error = ::posix_spawnp(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
        ::posix_spawn_file_actions_destroy(&actions);
        ::close(listener);
        REQUIRE(error == 0);
    }
    Qemu(Qemu const&) = delete;
    auto operator=(Qemu const&) -> Qemu& = delete;
    ~Qemu()
    {
        if (pid_ > 0 && ::kill(pid_, SIGKILL) == 0)
            static_cast<void>(wait());
    }

    /// A new connection to the monitor.
    [[nodiscard]] auto connect() const -> int
    {
        auto const fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        REQUIRE(fd >= 0);
        REQUIRE(::connect(fd, reinterpret_cast<::sockaddr const*>(&address_), sizeof address_) == 0);
        return fd;
    }

    /// Waits for its end; its exit status, or -1 when a signal ended it.
    [[nodiscard]] auto wait() -> int
    {
        int status{};
        REQUIRE(::waitpid(pid_, &status, 0) == pid_);
        pid_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

private:
    [[nodiscard]] static auto make_address(std::string const& path) -> ::sockaddr_un
    {
        ::sockaddr_un address{};
        address.sun_family = AF_UNIX;
        REQUIRE(path.size() < sizeof address.sun_path);
        std::memcpy(address.sun_path, path.data(), path.size());
        return address;
    }

    TemporaryDirectory directory_;
    ::sockaddr_un address_{make_address(directory_ / "qmp")};
    ::pid_t pid_{-1};
};

} // namespace qmp_tests
