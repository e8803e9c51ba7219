// SPDX-License-Identifier: BSL-1.0
#include "editor.hpp"

#include "command.hpp"

#include <vmwright/machine/fd.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <system_error>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace vw = vmwright;

namespace
{

auto chosen_editor() -> std::string
{
    for (auto const* const name : {"VISUAL", "EDITOR"})
        if (auto const* const editor = std::getenv(name); editor != nullptr && *editor != '\0')
            return editor;
    return "vi";
}

/// A program's name, and nothing that is meant for a shell.
auto is_plain(std::string const& editor) -> bool
{
    return editor.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./") == editor.npos;
}

/// Ctrl+C belongs to the editor alone as long as this lives.
class IgnoredInterrupts
{
public:
    IgnoredInterrupts()
        : interrupt_{std::signal(SIGINT, SIG_IGN)}
        , quit_{std::signal(SIGQUIT, SIG_IGN)}
    {
    }
    IgnoredInterrupts(IgnoredInterrupts const&) = delete;
    auto operator=(IgnoredInterrupts const&) -> IgnoredInterrupts& = delete;
    ~IgnoredInterrupts()
    {
        std::signal(SIGINT, interrupt_);
        std::signal(SIGQUIT, quit_);
    }

private:
    void (*interrupt_)(int);
    void (*quit_)(int);
};

/// Starts the words as a program that takes interrupts; its pid.
auto start(std::vector<std::string> const& words) -> pid_t
{
    std::vector<char*> argv;
    for (auto const& word : words)
        argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);

    posix_spawnattr_t attributes{};
    posix_spawnattr_init(&attributes);
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGINT);
    sigaddset(&defaults, SIGQUIT);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    pid_t child{};
    auto const failure = posix_spawnp(&child, argv.front(), nullptr, &attributes, argv.data(), environ);
    posix_spawnattr_destroy(&attributes);
    if (failure != 0)
        throw Refusal{fmt::format("cannot run '{}': {}", words.front(), std::generic_category().message(failure))};
    return child;
}

} // namespace

EditedFile::EditedFile(std::string_view text, std::string_view suffix)
{
    auto const* const folder = std::getenv("TMPDIR");
    path_ = fmt::format("{}/vmshXXXXXX{}", folder != nullptr && *folder != '\0' ? folder : "/tmp", suffix);
    vw::UniqueFd const file{mkostemps(path_.data(), static_cast<int>(suffix.size()), O_CLOEXEC)};
    if (!file)
        throw Refusal{fmt::format("cannot make '{}': {}", path_, std::generic_category().message(errno))};
    vw::write_all(file.get(), text);
}

EditedFile::~EditedFile()
{
    if (!is_kept_)
        unlink(path_.c_str());
}

void run_editor(std::string const& file)
{
    auto const editor = chosen_editor();
    auto const command = fmt::format("{} {}", editor, file);
    auto const words = is_plain(editor) ? std::vector{editor, file}
                                        : std::vector<std::string>{"sh", "-c", fmt::format("{} \"$1\"", editor), "sh", file};

    IgnoredInterrupts const ignored;
    auto const child = start(words);
    int status{};
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFSIGNALED(status))
        throw Refusal{
            fmt::format("internal error: Child process ({}) unexpected fatal signal {}", command, WTERMSIG(status))};
    if (WEXITSTATUS(status) != 0)
        throw Refusal{
            fmt::format("internal error: Child process ({}) unexpected exit status {}", command, WEXITSTATUS(status))};
}
