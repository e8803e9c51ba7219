// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/controller.hpp>
#include <vmwright/qemu/detail/pci.hpp>
#include <vmwright/qemu/detail/pci_seat.hpp>
#include <vmwright/qemu/detail/resolving.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace vmwright::inline v0::qemu::detail
{

namespace resolve_pci
{
namespace
{

/// The places that a chipset gives its own devices.
auto board_place(Controller const& c, Board const& board) -> std::optional<PciAddress>
{
    auto const at = [](std::uint32_t slot, std::uint32_t function) {
        return PciAddress{.bus = 0, .slot = slot, .function = function};
    };
    if (board.family == BoardFamily::q35) {
        if (c.type == ControllerType::sata && c.index == 0U)
            return at(0x1f, 2);
        if (c.type == ControllerType::pci && c.model == "dmi-to-pci-bridge")
            return at(0x1e, 0);
    }
    if (board.family == BoardFamily::i440fx) {
        if (c.type == ControllerType::ide && c.index == 0U)
            return at(1, 1);
        if (c.type == ControllerType::usb && c.index == 0U && c.model == "piix3-uhci")
            return at(1, 2);
    }
    return std::nullopt;
}

/// The functions that the chipset has whatever the configuration says.
auto board_reserved(BoardFamily family) -> std::vector<PciAddress>
{
    if (family == BoardFamily::q35)
        return {{.slot = 0x1f, .function = 0}, {.slot = 0x1f, .function = 3}};
    if (family == BoardFamily::i440fx)
        return {{.slot = 1, .function = 0}, {.slot = 1, .function = 3}};
    return {};
}

class Assignment
{
public:
    explicit Assignment(Resolving& at)
        : at_{at}
        , devices_{at.config.devices}
    {
    }

    void run()
    {
        fill_gaps();
        seats_ = pci_seats(devices_, at_.board.has_pcie());
        grow_buses();
        seats_ = pci_seats(devices_, at_.board.has_pcie());
        PciBuses buses{devices_.controllers};
        take_given(buses, true);
        take_board(buses, true);
        assign_open(buses, true);
        mark_multifunction();
    }

private:
    /// Buses that the numbers of others leave out.
    void fill_gaps()
    {
        std::uint32_t last = 0;
        for (auto const& c : devices_.controllers)
            if (c.type == ControllerType::pci)
                last = std::max(last, c.index.value_or(0));
        for (std::uint32_t index = 1; index < std::min(last, 256U); ++index)
            add_controller(at_, ControllerType::pci, index, "a PCI bus that the numbers of others leave out",
                           at_.board.has_pcie() ? "pcie-root-port" : "pci-bridge");
    }

    /// A dry run finds out which buses are needed; controllers for them are added.
    void grow_buses()
    {
        PciBuses buses{devices_.controllers};
        auto const before = buses.size();
        take_given(buses, false);
        take_board(buses, false);
        if (!buses.is_full() && at_.board.family != BoardFamily::virt)
            (void)buses.next(pci_device); // kept for a bridge
        assign_open(buses, false);
        // the user left it all to us: one free port more, for hot-plug
        if (before <= 1 && buses.size() > before && at_.board.has_pcie())
            (void)buses.next(pcie_ordinary);
        for (auto i = before; i < buses.size(); ++i)
            add_controller(at_, ControllerType::pci, static_cast<std::uint32_t>(i), "a PCI bus for the devices",
                           std::string{buses.model(i)});
    }

    void take_given(PciBuses& buses, bool for_real)
    {
        usb2_slots_.clear();
        for (auto const& seat : seats_) {
            if (seat.is_open() || !seat.address())
                continue;
            auto const& address = *seat.address();
            if (seat.usb_index)
                usb2_slots_.emplace(*seat.usb_index, address);
            if (!for_real)
                grow_to(seat, buses);
            if (for_real)
                if (auto const why = buses.take(address, seat.needs))
                    at_.error(seat.node() + "/address", Fault::conflict, *why, "give another address, or leave it out");
            if (!for_real)
                (void)buses.take(address, seat.needs);
        }
    }

    /// Makes the bus of a given address. Where that takes two, because a conventional device needs a bridge and the bridge a
    /// port, libvirt moves the device to the second one.
    void grow_to(PciSeat const& seat, PciBuses& buses)
    {
        auto& address = std::get<PciAddress>(*seat.info->address);
        auto const is_next = address.bus == buses.size();
        auto const before = buses.size();
        while (address.bus >= buses.size() && buses.grow(seat.needs)) {
        }
        if (is_next && buses.size() == before + 2) {
            ++address.bus;
            at_.origins.chose(seat.node() + "/address/@bus", "behind the bridge that the device needs");
        }
    }

    void take_board(PciBuses& buses, bool for_real)
    {
        for (auto const& address : board_reserved(at_.board.family))
            if (auto const why = buses.take(address, pci_device | pcie_device); why && for_real)
                report_board_conflict(address);
        for (std::size_t i = 0; i < devices_.controllers.size(); ++i) {
            auto& c = devices_.controllers[i];
            auto const place = board_place(c, at_.board);
            if (!place)
                continue;
            if (c.info.address && !(address_as<PciAddress>(c.info) && address_as<PciAddress>(c.info)->is_unset()))
                continue;
            auto const needs = c.type == ControllerType::pci ? pci_needs(c) : unsigned{pci_device};
            if (!buses.take(*place, needs))
                settle(c.info, device_node("controller", i), *place, "the chipset's place", for_real);
        }
        place_usb2(buses, for_real);
        place_primary_video(buses, for_real);
        place_ich9_sound(buses, for_real);
    }

    /// ICH9's own places of its first USB 1 companions; the others of their index join them there.
    void place_usb2(PciBuses& buses, bool for_real)
    {
        if (at_.board.family != BoardFamily::q35)
            return;
        for (std::size_t i = 0; i < devices_.controllers.size(); ++i) {
            auto& c = devices_.controllers[i];
            if (c.type != ControllerType::usb || c.model != "ich9-uhci1" || (c.info.address && !address_is_unset(c.info)))
                continue;
            for (auto const slot : {0x1dU, 0x1aU})
                if (PciAddress const place{.slot = slot, .multifunction = true}; buses.is_free(place)) {
                    (void)buses.take(place, pci_device);
                    usb2_slots_.emplace(*c.index, place);
                    settle(c.info, device_node("controller", i), place, "the chipset's place", for_real);
                    break;
                }
        }
    }

    void place_ich9_sound(PciBuses& buses, bool for_real)
    {
        constexpr std::uint32_t slot = 0x1b; // of ICH9's own sound controller
        auto& sounds = devices_.sounds;
        auto const first = std::ranges::find_if(sounds, [](Sound const& s) {
            return s.model == SoundModel::ich9 && (!s.info.address || address_is_unset(s.info));
        });
        if (at_.board.family != BoardFamily::q35 || first == sounds.end() || !buses.is_slot_free(0, slot))
            return;
        PciAddress const place{.slot = slot};
        (void)buses.take(place, pci_device);
        settle(first->info, device_node("sound", static_cast<std::size_t>(first - sounds.begin())), place,
               "the chipset's place", for_real);
    }

    void place_primary_video(PciBuses& buses, bool for_real)
    {
        if (devices_.videos.empty())
            return;
        auto& video = devices_.videos.front();
        auto const needs = pci_needs(video);
        auto const slot = at_.board.family == BoardFamily::q35 ? 1U : at_.board.family == BoardFamily::i440fx ? 2U : 0U;
        if (needs == pci_none || slot == 0 || (video.info.address && !address_is_unset(video.info)))
            return;
        if (!buses.is_slot_free(0, slot))
            return;
        PciAddress const place{.slot = slot};
        (void)buses.take(place, pci_device | pcie_device);
        settle(video.info, device_node("video", 0), place, "the primary graphics card's place", for_real);
    }

    void assign_open(PciBuses& buses, bool for_real)
    {
        for (auto const& seat : seats_) {
            if (!seat.is_open() || (!for_real && std::ranges::find(settled_, seat.info) != settled_.end()))
                continue;
            auto const address = seat.usb_index ? next_among_companions(buses, seat, for_real) : buses.next(seat.needs);
            if (!for_real)
                continue;
            if (address && !is_below(seat, *address))
                at_.error(seat.node(), Fault::conflict,
                          fmt::format("the free place for this PCI controller is on bus {}, whose number must be smaller "
                                      "than its own",
                                      address->bus),
                          "give it a larger index, or add the controller that it sits on");
            else if (address)
                give(*seat.info, seat.node(), *address, "the next free PCI place");
            else
                at_.error(seat.node(), Fault::conflict, "no PCI bus has a free place for this device",
                          "give an address, or add a PCI controller that takes it");
        }
        if (for_real)
            complete_ports();
    }

    /// Whether a device may sit on that bus: bridges only on one of a smaller number. libvirt lets the upstream ports of
    /// switches sit on any.
    auto is_below(PciSeat const& seat, PciAddress const& address) const -> bool
    {
        auto const bridge = std::ranges::find_if(devices_.controllers, [&](Controller const& c) {
            return c.type == ControllerType::pci && c.model != "pcie-switch-upstream-port" && &c.info == seat.info;
        });
        return bridge == devices_.controllers.end() || address.bus < bridge->index.value_or(0);
    }

    auto next_among_companions(PciBuses& buses, PciSeat const& seat, bool for_real) -> std::optional<PciAddress>
    {
        auto const slot = usb2_slots_.find(*seat.usb_index);
        if (slot == usb2_slots_.end()) {
            auto address = buses.next(seat.needs, seat.function);
            if (address) {
                usb2_slots_.emplace(*seat.usb_index, *address);
                leave_room(*address);
            }
            return address;
        }
        auto address = slot->second;
        address.function = seat.function;
        if (auto const why = buses.take(address, seat.needs); why && for_real)
            at_.error(seat.node(), Fault::conflict, *why, "give it an index of its own");
        leave_room(address);
        return address;
    }

    /// Function 0 of a slot that companions may share, whether they are there or not.
    static void leave_room(PciAddress& address)
    {
        address.multifunction.reset();
        if (address.function == 0)
            address.multifunction = true;
    }

    /// Ports and bridges show their own place, so their numbers can only be chosen now.
    void complete_ports()
    {
        for (std::size_t i = 0; i < devices_.controllers.size(); ++i) {
            auto& c = devices_.controllers[i];
            auto const* address = address_as<PciAddress>(c.info);
            if (c.type != ControllerType::pci || !address || address->is_unset())
                continue;
            if (c.model == "pci-expander-bus" || c.model == "pcie-expander-bus")
                choose_bus_number(c, device_node("controller", i));
            auto const choose = [&](std::optional<std::uint32_t>& field, std::uint32_t value, std::string_view name) {
                if (!field)
                    at_.choose(field, value, device_node("controller", i).append("/target/@").append(name),
                               "the port's own place");
            };
            if (c.model == "pci-bridge")
                choose(c.target.chassis_nr, *c.index, "chassisNr");
            if (c.model == "pcie-root-port" || c.model == "pcie-switch-downstream-port") {
                auto const number = c.model == "pcie-root-port" ? (address->slot << 3) + address->function : address->slot;
                choose(c.target.chassis, *c.index, "chassis");
                choose(c.target.port, number, "port");
            }
        }
    }

    /// From the top down, with one number left for a bus behind each.
    void choose_bus_number(Controller& c, std::string const& node)
    {
        std::uint32_t lowest = 256;
        for (auto const& other : devices_.controllers)
            lowest = std::min(lowest, other.target.bus_nr.value_or(lowest));
        if (c.target.bus_nr)
            return;
        if (lowest <= 2)
            return at_.error(node, Fault::conflict, "no bus number is left below those of the other expander buses",
                             "give busNr to it in <target>");
        at_.choose(c.target.bus_nr, lowest - 2, node + "/target/@busNr", "below the other expander buses' numbers");
    }

    static auto address_is_unset(DeviceInfo const& info) -> bool
    {
        auto const* address = address_as<PciAddress>(info);
        return address && address->is_unset();
    }

    /// Gives a place outside the usual order; in the dry run, only notes that the device has one.
    void settle(DeviceInfo& info, std::string const& node, PciAddress address, std::string_view rule, bool for_real)
    {
        if (for_real)
            give(info, node, address, rule);
        else
            settled_.push_back(&info);
    }

    void give(DeviceInfo& info, std::string const& node, PciAddress address, std::string_view rule)
    {
        if (auto const* said = address_as<PciAddress>(info)) {
            address.zpci = said->zpci;
            if (said->multifunction)
                address.multifunction = said->multifunction;
        }
        info.address = address;
        at_.origins.chose(node + "/address", rule);
    }

    void report_board_conflict(PciAddress const& address)
    {
        for (auto const& seat : seats_)
            if (seat.address() && seat.address()->bus == 0 && seat.address()->slot == address.slot &&
                seat.address()->function == address.function)
                at_.error(seat.node() + "/address", Fault::conflict,
                          fmt::format("PCI address 0000:00:{:02x}.{} belongs to the board's chipset", address.slot,
                                      address.function),
                          "give another address, or leave it out");
    }

    void mark_multifunction()
    {
        for (auto const& seat : seats_) {
            auto const* address = seat.address();
            if (!address || address->function != 0 || address->multifunction)
                continue;
            auto const shares = [&](PciSeat const& other) {
                auto const* there = other.address();
                return there && there->bus == address->bus && there->slot == address->slot && there->function != 0;
            };
            if (std::ranges::any_of(seats_, shares))
                std::get<PciAddress>(*seat.info->address).multifunction = true;
        }
    }

    Resolving& at_;
    Devices& devices_;
    std::vector<PciSeat> seats_{};
    std::vector<DeviceInfo const*> settled_{};
    std::map<std::uint32_t, PciAddress> usb2_slots_{}; ///< by index, where the first of its controllers sits
};

} // namespace
} // namespace resolve_pci

void assign_pci_addresses(Resolving& at)
{
    if (find_controller(at.config, ControllerType::pci, 0))
        return resolve_pci::Assignment{at}.run();
    if (!at.board.is_x86() && at.config.os.machine != "versatilepb")
        return;
    for (auto const& seat : pci_seats(at.config.devices, false))
        if (seat.is_open())
            at.error(seat.node(), Fault::not_supported, "this machine has no PCI bus for the device",
                     "give it another address or model, or use another machine");
}

} // namespace vmwright::inline v0::qemu::detail
