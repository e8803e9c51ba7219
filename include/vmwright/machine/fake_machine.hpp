// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/machine/fake_process.hpp>
#include <vmwright/machine/machine.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>

namespace vmwright::inline v0
{

/// A machine in memory, for tests: its files are nowhere, its programs are what the test says they are, its sockets and
/// locks are real but have no place. It starts with the directories / and /usr/bin, where find_program looks.
class FakeMachine final : public Machine
{
public:
    FakeMachine();

    /// Answers run; may throw. Without it no program can be run.
    std::function<RunResult(RunSpec const&)> on_run{};
    /// Hears of each program that is started, before spawn returns; may throw, then it was not started.
    std::function<void(std::shared_ptr<FakeProcess> const&)> on_spawn{};
    /// Hears of each call that names a file, with the function's name; may throw, then nothing was done.
    std::function<void(std::string_view function, std::string const& path)> on_file{};

    std::set<std::uint16_t> ports_taken{};

    [[nodiscard]] auto runs() const -> std::vector<RunSpec>;
    /// All that were started, those that have ended too.
    [[nodiscard]] auto processes() const -> std::vector<std::shared_ptr<FakeProcess>>;
    /// All programs are gone, and the boot id is another; the files stay.
    void reboot();

    [[nodiscard]] auto spawn(ProcessSpec const& spec) -> Process override;
    [[nodiscard]] auto open_process(ProcessId id) -> Process override;
    [[nodiscard]] auto processes_with(std::string const& path) -> std::vector<ProcessId> override;
    [[nodiscard]] auto self() -> ProcessId override;
    [[nodiscard]] auto find_program(std::string_view name) -> std::optional<std::string> override;

    [[nodiscard]] auto read_file(std::string const& path, std::size_t limit = 16 << 20) -> std::string override;
    void write_file(std::string const& path, std::string_view text, WriteOptions options = {}) override;
    void append_lines(std::string const& path, std::string_view lines) override;
    void remove_unfinished(std::string const& directory) override;
    [[nodiscard]] auto open_file(std::string const& path, OpenOptions options = {}) -> UniqueFd override;
    [[nodiscard]] auto status(std::string const& path) -> std::optional<FileStatus> override;
    auto remove(std::string const& path) -> bool override;
    void rename(std::string const& from, std::string const& to) override;
    void make_directories(std::string const& path, std::uint32_t mode = 0700) override;
    void make_fifo(std::string const& path, std::uint32_t mode = 0600) override;
    [[nodiscard]] auto list_directory(std::string const& path) -> std::vector<std::string> override;

    [[nodiscard]] auto try_lock(std::string const& path) -> UniqueFd override;
    [[nodiscard]] auto wait_for_lock(std::string const& path) -> UniqueFd override;
    [[nodiscard]] auto replace_lock(std::string const& path, std::string_view text) -> UniqueFd override;
    [[nodiscard]] auto is_locked(std::string const& path) -> bool override;
    [[nodiscard]] auto listen(std::string const& path, int backlog = 1) -> UniqueFd override;
    [[nodiscard]] auto connect(std::string const& path) -> Connection override;
    [[nodiscard]] auto socket_pair() -> std::pair<UniqueFd, UniqueFd> override;
    [[nodiscard]] auto port_is_taken(std::uint16_t port) -> bool override;

    /// The same bytes in each run of the test.
    void fill_random(std::span<std::byte> bytes) override;
    [[nodiscard]] auto boot_id() -> std::string override;

protected:
    void start_run(RunSpec spec, boost::asio::any_io_executor executor, RunHandler handler) override;

private:
    struct Node
    {
        FileType type{};
        std::uint32_t mode{};
        UniqueFd content{};    ///< a file without a name; a directory and a socket have none
        std::string address{}; ///< a socket's, which the kernel chose
    };

    using Nodes = std::map<std::string, Node>;

    void announce(std::string_view function, std::string const& path) const;
    [[nodiscard]] auto find(std::string const& path) -> Node*;
    /// Puts a new node in its directory, in the place of an old one.
    auto place(std::string_view verb, std::string const& path, Node node) -> Node&;
    [[nodiscard]] auto below(std::string const& path) -> std::pair<Nodes::iterator, Nodes::iterator>;

    mutable std::mutex mutex_;
    Nodes nodes_;
    std::vector<RunSpec> runs_;
    std::vector<std::pair<ProcessId, std::shared_ptr<FakeProcess>>> processes_;
    std::uint64_t random_{};
    unsigned boots_{1};
};

} // namespace vmwright::inline v0
