// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/diagnostic.hpp>
#include <vmwright/domain/domain.hpp>
#include <vmwright/qemu/capabilities.hpp>
#include <vmwright/qemu/detail/board.hpp>
#include <vmwright/qemu/host_facts.hpp>
#include <vmwright/qemu/option.hpp>
#include <vmwright/qemu/pipeline.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vmwright::inline v0::qemu::detail
{

/// What translators share: what they need of the rest of the machine, and where their options go.
class Translating
{
public:
    Translating(DomainConfig const& config, Capabilities const& capabilities, HostFacts const& facts, Plan& plan,
                Diagnostics& out)
        : config{config}
        , capabilities{capabilities}
        , facts{facts}
        , board{board_of(config)}
        , out{out}
        , plan_{plan}
    {
    }

    DomainConfig const& config;
    Capabilities const& capabilities;
    HostFacts const& facts;
    Board board;
    Diagnostics& out;
    std::string short_name{}; ///< of this start, for files: `-1-NAME`

    /// A new option, made for a node of the configuration. The reference holds until the next one.
    auto add(std::string_view name, std::string_view node) -> Option&;
    /// A new option that no node asked for.
    auto add_rule(std::string_view name, std::string_view rule) -> Option&;
    auto device(std::string_view driver, std::string_view node) -> Option&;
    auto object(std::string_view type, std::string_view id, std::string_view node) -> Option&;

    /// Whether an object of that id is there already.
    [[nodiscard]] auto has_object(std::string_view id) const -> bool;

    /// It is started before the emulator, after those that were added before.
    void add_helper(Helper helper);
    /// A socket is made in there.
    void need_directory_of(std::string_view path);
    /// The emulator is to find that variable in its environment.
    void set_environment(std::string_view name, std::string_view value);

    /// Sets bus, address and what else a device's place says.
    void place(Option& option, DeviceInfo const& info);
    /// To be called once, behind the last device: what s390 needs before each device that sits on PCI.
    void add_zpci();
    /// The bus that a PCI controller provides, as "pci.4" or "pcie.0".
    [[nodiscard]] auto pci_bus(std::uint32_t index) const -> std::string;
    /// The QEMU name of the controller of that type and index.
    [[nodiscard]] auto controller_alias(ControllerType type, std::uint32_t index) const -> std::string;

    /// The boot index: the device's own order, else that of its class in <os>, which goes to the first of the class.
    [[nodiscard]] auto boot_index(DeviceInfo const& info, BootDevice boot_class, void const* device) const
        -> std::optional<std::uint32_t>;

    void error(std::string node, Fault fault, std::string message, std::string hint = {}) const
    {
        out.add({.severity = Severity::error,
                 .fault = fault,
                 .node = std::move(node),
                 .message = std::move(message),
                 .hint = std::move(hint)});
    }

private:
    /// Whether the emulator takes that option as JSON; asked once for each.
    [[nodiscard]] auto takes_json(std::string_view name) -> bool;

    struct Zpci
    {
        std::size_t behind{}; ///< position of the device's option
        ZpciAddress address{};
        std::string target{};
    };

    Plan& plan_;
    std::vector<Zpci> zpci_{};
    std::vector<std::pair<std::string, bool>> take_json_{};
};

/// `virtio-blk-pci`, or the form of it for another transport or model: "-transitional", "-device", "-ccw".
[[nodiscard]] auto virtio_driver(std::string_view base, DeviceInfo const& info, bool transitional = false,
                                 bool non_transitional = false) -> std::string;

void set_virtio(Option& option, VirtioOptions const& virtio);

/// The name of the channel that the guest's SPICE agent looks for.
inline constexpr std::string_view spice_agent_channel = "com.redhat.spice.0";

/// The back end of a character device. Its id is "char" and the device's alias, which is returned. `spice_name` says what a
/// spicevmc back end carries.
auto add_chardev(CharSource const& source, std::optional<CharLog> const& log, std::string_view alias, std::string_view node,
                 Translating& at, std::string_view spice_name = "vdagent") -> std::string;

/// The audio back end of that id, else the first one; null when there is none.
[[nodiscard]] auto find_audio(DomainConfig const& config, std::optional<std::uint32_t> id) -> Audio const*;
/// What QEMU calls that back end; without one, nothing and a diagnostic.
[[nodiscard]] auto audiodev(std::optional<std::uint32_t> id, std::string const& node, Translating& at)
    -> std::optional<std::string>;

// One overload a kind of device: its options, in the order QEMU needs them.
void translate(Disk const& disk, std::string const& node, Translating& at);
void translate(Filesystem const& filesystem, std::string const& node, Translating& at);
void translate(Controller const& controller, std::string const& node, Translating& at);
void translate(Interface const& nic, std::string const& node, Translating& at);
void translate(Serial const& serial, std::string const& node, Translating& at);
void translate(Parallel const& parallel, std::string const& node, Translating& at);
void translate(Smartcard const& smartcard, std::string const& node, Translating& at);
void translate(Redirdev const& redirdev, std::string const& node, Translating& at);
void translate(Hub const& hub, std::string const& node, Translating& at);
void translate(Console const& console, std::string const& node, Translating& at);
void translate(Channel const& channel, std::string const& node, Translating& at);
void translate(Input const& input, std::string const& node, Translating& at);
void translate(Tpm const& tpm, std::string const& node, Translating& at);
void translate(Graphics const& graphics, std::string const& node, Translating& at);
void translate(Sound const& sound, std::string const& node, Translating& at);
void translate(Audio const& audio, std::string const& node, Translating& at);
void translate(Video const& video, std::string const& node, Translating& at);
void translate(Memballoon const& balloon, std::string const& node, Translating& at);
void translate(Hostdev const& hostdev, std::string const& node, Translating& at);
void translate(Watchdog const& watchdog, std::string const& node, Translating& at);
void translate(Rng const& rng, std::string const& node, Translating& at);
void translate(Nvram const& nvram, std::string const& node, Translating& at);
void translate(Panic const& panic, std::string const& node, Translating& at);
void translate(Iommu const& iommu, std::string const& node, Translating& at);
void translate(Vsock const& vsock, std::string const& node, Translating& at);
void translate(Shmem const& shmem, std::string const& node, Translating& at);
void translate(MemoryDevice const& memory, std::string const& node, Translating& at);

void translate_iothreads(Translating& at);
/// A PCI device of the host, which vfio hands to the guest.
void translate_host_device(HostAddress const& address, std::optional<Teaming> const& teaming, DeviceInfo const& info,
                           std::optional<std::uint32_t> boot_index, std::string const& node, Translating& at);

/// What s390's firmware is to boot, as the device of the first boot order has it.
void set_loadparm(Option& machine, Translating& at);
/// Everything but devices.
void translate_machine(Translating& at);
// Of translate_machine, each beside its check.
void translate_flash(Translating& at);
void translate_firmware(Translating& at);
void translate_sysinfo(Translating& at);
void translate_security(Translating& at);
void translate_accelerator(Translating& at);
void translate_cpu(Translating& at);
void translate_vcpus(Translating& at);
void translate_clock(Translating& at);

/// Those of <features> that are properties of the machine, or of the CPU.
void set_machine_features(Option& machine, Translating const& at);
void set_cpu_features(Option& cpu, Features const& features);

} // namespace vmwright::inline v0::qemu::detail
