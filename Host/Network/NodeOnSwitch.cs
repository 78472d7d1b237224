using System;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using HaukiOS.Host.Emulator;
using HaukiOS.Host.Switch;

namespace HaukiOS.Host.Network;

/// <summary>
/// One HaukiOS node and this Linux, each on a port of a <see cref="VirtualSwitch"/>: the node by QEMU's stream, Linux
/// by a tap in a namespace of its own. The node has no disk, so that its console is open at once. Needs root.
/// </summary>
public sealed class NodeOnSwitch : IDisposable
{
    /// <summary>The address of this Linux on that network.</summary>
    public const string LinuxAddress = "10.9.0.1";

    /// <summary>The node's address.</summary>
    public const string NodeAddress = "10.9.0.2";

    /// <summary>The kernel's word for that address.</summary>
    public const string FixedAddress = "net=" + NodeAddress + "/24";

    /// <summary>The port of Linux, as fault scripts call it.</summary>
    public const string LinuxPort = "linux";

    /// <summary>The port of the node, as fault scripts call it.</summary>
    public const string NodePort = "node";

    private static int made;

    private readonly ScratchDirectory scratch = new();

    /// <summary>Makes network and switch and switches the machine on.</summary>
    /// <param name="machine">The machine; its card is replaced.</param>
    /// <param name="model">The card: one of <see cref="NetworkCard.Models"/>.</param>
    /// <exception cref="UserErrorException">The means are missing.</exception>
    public NodeOnSwitch(MachineOptions machine, string model)
    {
        try
        {
            Space = new NetworkNamespace();
            Switch = new VirtualSwitch();
            var number = Interlocked.Increment(ref made);
            Device = string.Create(CultureInfo.InvariantCulture, $"hk{Environment.ProcessId}n{number}");
            Linux = Switch.Add(new TapPort(LinuxPort, Device, Space.Name));
            Space.AddAddress(Device, LinuxAddress + "/24");
            var place = scratch.File("node");
            Node = Switch.Add(StreamPort.Listen(NodePort, new UnixDomainSocketEndPoint(place)));
            Third = Switch.Add(new MemoryPort("third"));
            Switch.Start();
            Machine = QemuMachine.Start(machine with { Card = NetworkCard.OnStream(model, place) });
            Console = new ConsoleDriver(Machine.Serial) { ReadyPrompt = ConsoleDriver.PromptWithoutDisk };
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The network that this Linux has for it.</summary>
    public NetworkNamespace Space { get; } = null!;

    /// <summary>Linux's interface there.</summary>
    public string Device { get; } = null!;

    /// <summary>The switch.</summary>
    public VirtualSwitch Switch { get; } = null!;

    /// <summary>Its port to Linux.</summary>
    public TapPort Linux { get; } = null!;

    /// <summary>Its port to the node.</summary>
    public StreamPort Node { get; } = null!;

    /// <summary>A third port, for whoever wants to be a station too.</summary>
    public MemoryPort Third { get; } = null!;

    /// <summary>The node's machine.</summary>
    public QemuMachine Machine { get; } = null!;

    /// <summary>The node's console.</summary>
    public ConsoleDriver Console { get; } = null!;

    /// <summary>The machine that a node usually is: the kernel itself, no disk, and its address at once.</summary>
    public static MachineOptions Usual(Layout tree) => new()
    {
        Kernel = tree.Kernel,
        KernelArguments = FixedAddress,
    };

    /// <summary>Waits for the prompt of a machine without a disk.</summary>
    public void AwaitPrompt(TimeSpan patience) => Machine.Serial.Expect(ConsoleDriver.PromptWithoutDisk, patience);

    /// <summary>The node's memory, right after collections: nothing waits to be collected.</summary>
    public MemoryFigures ReadMemory()
    {
        Console.Command("soak alloc 64");
        return MemoryFigures.Read(Console);
    }

    /// <summary>Opens a TCP connection from Linux to the node.</summary>
    /// <exception cref="SocketException">It was refused.</exception>
    /// <exception cref="TimeoutException">Nothing answered.</exception>
    public Socket Connect(int port, TimeSpan patience) =>
        ConnectAsync(port, patience).GetAwaiter().GetResult();

    /// <summary>Opens a TCP connection from Linux to the node.</summary>
    public Task<Socket> ConnectAsync(int port, TimeSpan patience) =>
        Space.ConnectAsync(new IPEndPoint(IPAddress.Parse(NodeAddress), port), patience);

    /// <summary>Listens on Linux for connections of the node.</summary>
    /// <param name="port">Where.</param>
    public Socket Listen(int port)
    {
        var socket = Space.NewSocket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(LinuxAddress), port));
        socket.Listen();
        return socket;
    }

    /// <summary>Sets the faults on every wire, as in a script's line: <c>loss 5% delay 10ms</c>.</summary>
    public void SetFaults(string faults) => Switch.Play(FaultScript.Parse("0s " + faults));

    /// <inheritdoc/>
    public void Dispose()
    {
        Machine?.Dispose();
        Switch?.Dispose();
        Space?.Dispose();
        scratch.Dispose();
    }
}
