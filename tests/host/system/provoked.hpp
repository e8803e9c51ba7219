// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "host/support.hpp"
#include "temporary_directory.hpp"

#include <vmwright/machine/local_machine.hpp>
#include <vmwright/qemu/capabilities.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// This machine, which remembers what it starts, and on which some things are as a test wants them.
class ProvokingMachine final : public vmwright::LocalMachine
{
public:
    std::string missing_program{};       ///< that it does not have
    std::string wrapper{};               ///< words before the emulator's command line, a blank between two
    std::vector<std::string> emulator{}; ///< started in the emulator's place
    std::string kvm{"/dev/kvm"};         ///< what is /dev/kvm here
    int kvm_error{};                     ///< what opening that fails with
    std::string failing_file{};          ///< a part of the path of a file that cannot be made
    int file_error{};                    ///< and why

    [[nodiscard]] auto find_program(std::string_view name) -> std::optional<std::string> override;
    [[nodiscard]] auto status(std::string const& path) -> std::optional<vmwright::FileStatus> override;
    [[nodiscard]] auto open_file(std::string const& path, vmwright::OpenOptions options = {}) -> vmwright::UniqueFd override;
    [[nodiscard]] auto spawn(vmwright::ProcessSpec const& spec) -> vmwright::Process override;

    [[nodiscard]] auto pids() const -> std::vector<int>;
    /// Of those that it started after the first `count`, the ones that are still there, zombies too.
    [[nodiscard]] auto remains(std::size_t count) const -> std::string;

protected:
    void before(std::string_view step, std::string const& object) override;

private:
    mutable std::mutex mutex_;
    std::vector<std::pair<std::string, vmwright::Process>> started_;
};

/// The parts of a definition that a case adds to a guest that is only firmware.
struct Parts
{
    std::string type{"qemu"};
    std::string machine{"q35"};
    std::string memory{"32"}; ///< MiB
    std::string head{};       ///< before <os>
    std::string os{};
    std::string cpu{};
    std::string devices{};
    std::string arguments{}; ///< of <qemu:commandline>, a blank between two
    std::string tail{};      ///< in <domain>, at its end
};

[[nodiscard]] auto document(std::string_view name, Parts const& parts) -> std::string;

/// The place of one case: a state directory, and files beside it.
struct Place
{
    TemporaryDirectory directory{};
    std::shared_ptr<ProvokingMachine> machine{std::make_shared<ProvokingMachine>()};
    vmwright::HostOptions options{};
    vmwright::StartOptions start{.paused = true};
    std::vector<std::shared_ptr<void>> held{}; ///< what is undone at the case's end, the last first
    std::function<void()> on_thread{};         ///< done by the thread that defines and starts, before it does
    std::function<void()> before_start{};      ///< done by it between the two

    Place();
    Place(Place const&) = delete;
    auto operator=(Place const&) -> Place& = delete;
    ~Place();

    [[nodiscard]] auto operator/(std::string const& name) const -> std::string { return directory / name; }
    /// A file with that text; its path.
    auto file(std::string const& name, std::string_view text) const -> std::string;
    /// A raw image of a MiB; its path.
    auto image(std::string const& name) const -> std::string;
    /// What qemu-img makes of these words, in this directory.
    void qemu_img(std::string const& words) const;
    /// Somebody listens there until the case ends; its port.
    auto listener() -> std::uint16_t;
    /// Another domain of this root, which runs until the case ends.
    void run(std::string const& name, Parts const& parts);
    /// Defines and starts; the error that this throws.
    [[nodiscard]] auto provoke(Parts const& parts) -> std::optional<vmwright::Error>;
    /// What was left of that start, in words; empty when nothing was.
    std::string remains{};

private:
    /// Of a start before which so many processes had been started.
    [[nodiscard]] auto look(std::size_t started_before) const -> std::string;
};

/// The thread has that user's and group's rights from now on; the others of this program keep theirs.
void become(unsigned user, unsigned group);
