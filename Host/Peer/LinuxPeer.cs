using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using HaukiOS.Host.Emulator;

namespace HaukiOS.Host.Peer;

/// <summary>
/// The system that benchmarks compare with: Debian's own Linux for the i686, its busybox and its reference argon2
/// program, in the smallest user space that gives a shell. It is made to be fast: nothing is mounted or started
/// that the shell does not need, and the kernel is told to be quiet.
/// </summary>
public sealed class LinuxPeer
{
    /// <summary>What its shell says when it is ready.</summary>
    public const string Prompt = "linux# ";

    private const string KernelArguments = "console=ttyS0 quiet mitigations=off random.trust_bootloader=on";

    // Raised when what is made below changes, so that an old tree is made anew.
    private const string Recipe = "4";

    private static readonly string[] Applets = ["sh", "mount", "cat", "date", "poweroff", "uname", "free"];
    private static readonly string[] NetworkApplets = ["ip", "insmod", "ping", "nc", "killall"];

    // In the order in which they need each other.
    private static readonly string[] NetworkModules = ["mii", "8139cp", "8390", "ne2k-pci"];
    private static readonly string[] IperfPackages = ["iperf3", "libiperf0", "libsctp1", "libssl3"];
    private static readonly string[] IperfLibraries =
        ["libm.so.6", "libiperf.so.0", "libsctp.so.1", "libcrypto.so.3"];

    private readonly string directory;

    private LinuxPeer(string directory) => this.directory = directory;

    /// <summary>The CD, booted by the same GRUB as ours.</summary>
    public string Iso => Path.Combine(directory, "linux.iso");

    /// <summary>The packages it was made from.</summary>
    public string Versions => File.ReadAllText(Path.Combine(directory, "packages")).Trim();

    private string Kernel => Path.Combine(directory, "vmlinuz");

    private string Initrd => Path.Combine(directory, "initrd.gz");

    private string NetworkInitrd => Path.Combine(directory, "initrd-network.gz");

    /// <summary>Makes the peer, or takes the one that is there.</summary>
    public static LinuxPeer Require(Layout layout, Action<string> progress)
    {
        var peer = new LinuxPeer(layout.Peer);
        var stamp = Path.Combine(layout.Peer, "recipe");
        if (File.Exists(stamp) && File.ReadAllText(stamp) == Recipe)
        {
            return peer;
        }

        Directory.CreateDirectory(layout.Peer);
        peer.Build(progress);
        File.WriteAllText(stamp, Recipe);
        return peer;
    }

    /// <summary>The machine with the Linux CD in it: the same as ours but for the CD.</summary>
    public MachineOptions FromIso(MachineOptions machine) => machine with { Iso = Iso };

    /// <summary>The machine with Linux put into its memory by QEMU.</summary>
    public MachineOptions FromKernel(MachineOptions machine) => machine with
    {
        Kernel = Kernel,
        Initrd = Initrd,
        KernelArguments = KernelArguments,
    };

    /// <summary>
    /// Linux with its drivers for both families of cards, its address set and iperf3's server running, from a first
    /// file system of its own: the one that starts quickest has none of it.
    /// </summary>
    /// <param name="machine">The machine.</param>
    /// <param name="address">Address and prefix length of its eth0.</param>
    public MachineOptions ForNetwork(MachineOptions machine, string address) => machine with
    {
        Kernel = Kernel,
        Initrd = NetworkInitrd,
        KernelArguments = $"{KernelArguments} address={address}",
    };

    private void Build(Action<string> progress)
    {
        var apt = new PrivateApt(Path.Combine(directory, "apt"));
        progress("reading Debian's lists for i386");
        apt.Update();
        var image = apt.FirstDependency("linux-image-686");
        progress($"fetching {image}, busybox, argon2 and iperf3");
        using var scratch = new ScratchDirectory();
        var tree = scratch.File("tree");
        var packages = apt.Unpack(tree, [image, "busybox-static", "argon2", "libc6", .. IperfPackages]);
        File.WriteAllLines(Path.Combine(directory, "packages"), packages);
        File.Copy(Directory.EnumerateFiles(Path.Combine(tree, "boot"), "vmlinuz-*").First(), Kernel, overwrite: true);
        progress("packing its first file systems");
        PackInitrd(tree, Initrd, withNetwork: false);
        PackInitrd(tree, NetworkInitrd, withNetwork: true);
        progress("mastering its CD");
        MasterIso(scratch);
    }

    private static void PackInitrd(string tree, string file, bool withNetwork)
    {
        using var archive = new CpioArchive(file);
        string[] directories = ["bin", "dev", "proc", "lib", "lib/i386-linux-gnu"];
        Array.ForEach(directories, archive.AddDirectory);
        archive.AddDevice("dev/console", 5, 1);
        archive.AddDevice("dev/ttyS0", 4, 64);
        archive.AddDevice("dev/null", 1, 3);
        archive.AddProgram("bin/busybox", File.ReadAllBytes(Path.Combine(tree, "bin", "busybox")));
        foreach (var applet in withNetwork ? [.. Applets, .. NetworkApplets] : Applets)
        {
            archive.AddLink($"bin/{applet}", "busybox");
        }

        archive.AddProgram("bin/argon2", File.ReadAllBytes(Path.Combine(tree, "usr", "bin", "argon2")));
        AddLibrary(archive, tree, "libc.so.6");
        var loader = Path.Combine(tree, "lib", "i386-linux-gnu", "ld-linux.so.2");
        archive.AddProgram("lib/ld-linux.so.2", File.ReadAllBytes(loader));
        var start = withNetwork ? AddNetwork(archive, tree) : string.Empty;
        var init = $"#!/bin/sh\nexport PATH=/bin PS1='{Prompt}'\n{start}exec sh </dev/ttyS0 >/dev/ttyS0 2>&1\n";
        archive.AddProgram("init", Encoding.ASCII.GetBytes(init));
    }

    /// <summary>Adds drivers and iperf3.</summary>
    /// <returns>The lines of the first program that start them.</returns>
    private static string AddNetwork(CpioArchive archive, string tree)
    {
        string[] directories = ["modules", "sys", "tmp"];
        Array.ForEach(directories, archive.AddDirectory);
        archive.AddDevice("dev/urandom", 1, 9);
        var modules = Path.Combine(tree, "lib", "modules");
        var start = new StringBuilder("mount -t proc proc /proc\nmount -t sysfs sysfs /sys\n");
        foreach (var module in NetworkModules)
        {
            var source = Directory.EnumerateFiles(modules, module + ".ko", SearchOption.AllDirectories).Single();
            archive.AddProgram($"modules/{module}.ko", File.ReadAllBytes(source));
            start.Append($"insmod /modules/{module}.ko\n");
        }

        foreach (var library in IperfLibraries)
        {
            AddLibrary(archive, tree, library);
        }

        archive.AddProgram("bin/iperf3", File.ReadAllBytes(Path.Combine(tree, "usr", "bin", "iperf3")));
        start.Append("for word in $(cat /proc/cmdline); do\n");
        start.Append("case $word in address=*) ip address add ${word#address=} dev eth0;; esac\ndone\n");
        start.Append("ip link set lo up\nip link set eth0 up\niperf3 -s -D >/dev/null 2>&1\n");
        return start.ToString();
    }

    private static void AddLibrary(CpioArchive archive, string tree, string name)
    {
        const string place = "lib/i386-linux-gnu";
        string[] places = [Path.Combine(tree, place, name), Path.Combine(tree, "usr", place, name)];
        archive.AddProgram($"{place}/{name}", File.ReadAllBytes(places.First(File.Exists)));
    }

    private void MasterIso(ScratchDirectory scratch)
    {
        var tree = scratch.File("cd");
        Directory.CreateDirectory(Path.Combine(tree, "boot", "grub"));
        File.Copy(Kernel, Path.Combine(tree, "boot", "vmlinuz"));
        File.Copy(Initrd, Path.Combine(tree, "boot", "initrd.gz"));
        var menu = "set timeout=0\nset default=0\nterminal_output console\nmenuentry linux {\n"
            + $" linux /boot/vmlinuz {KernelArguments}\n initrd /boot/initrd.gz\n}}\n";
        File.WriteAllText(Path.Combine(tree, "boot", "grub", "grub.cfg"), menu);

        // Uncompressed modules and nothing superfluous: the quickest GRUB there is, as for our own CD.
        IEnumerable<string> arguments =
        [
            "-d", "/usr/lib/grub/i386-pc", "-o", Iso, tree, "--compress=no",
            "--install-modules=linux normal iso9660 biosdisk part_msdos configfile boot",
            "--locales=", "--fonts=", "--themes=",
        ];
        Tool.Run("grub-mkrescue", arguments);
    }
}
