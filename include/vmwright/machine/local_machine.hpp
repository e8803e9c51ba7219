// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/machine/machine.hpp>

namespace vmwright::inline v0
{

/// The machine that this program runs on. It has no state of its own.
class LocalMachine : public Machine
{
public:
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

    void fill_random(std::span<std::byte> bytes) override;
    [[nodiscard]] auto boot_id() -> std::string override;

protected:
    /// Called before each step that another process could see. Does nothing; a test lets the step fail by throwing, or the
    /// program die there.
    virtual void before(std::string_view step, std::string const& object);

    void start_run(RunSpec spec, boost::asio::any_io_executor executor, RunHandler handler) override;
};

} // namespace vmwright::inline v0
