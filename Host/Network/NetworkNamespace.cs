using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;
using HaukiOS.Host.Emulator;

namespace HaukiOS.Host.Network;

/// <summary>
/// A network of its own inside this Linux, with its own interfaces, addresses and ports: a real peer for emulated
/// machines that nothing outside of it can see. Needs root and iproute2. It is gone when disposed, when this process
/// ends, and at the latest when the next one is made after this process was killed.
/// </summary>
public sealed class NetworkNamespace : IDisposable
{
    /// <summary>The name of the bridge of <see cref="Create"/>.</summary>
    public const string Bridge = "br0";

    private const string Prefix = "hauki-";
    private const string Directory = "/run/netns";

    private static readonly ConcurrentDictionary<string, NetworkNamespace> Existing = new();
    private static int made;

    private readonly List<Process> started = [];
    private int interfaces;

    static NetworkNamespace()
    {
        AppDomain.CurrentDomain.ProcessExit += static (_, _) =>
        {
            foreach (var left in Existing.Values)
            {
                left.Dispose();
            }
        };
    }

    /// <summary>Makes an empty network; only its loopback is up.</summary>
    /// <exception cref="UserErrorException">Not root, or not Linux, or iproute2 is missing.</exception>
    public NetworkNamespace()
    {
        if (WhyNot() is { } reason)
        {
            throw new UserErrorException(reason);
        }

        RemoveOrphans();
        var number = Interlocked.Increment(ref made);
        Name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{number}");
        Tool.Run("ip", "netns", "add", Name);
        Existing[Name] = this;
        Configure("link", "set", "lo", "up");

        // Without IPv6 an interface says nothing that nobody asked for.
        Set("net/ipv6/conf/default/disable_ipv6", "1");
    }

    /// <summary>The name that <c>ip netns</c> knows it by.</summary>
    public string Name { get; }

    /// <summary>Why there can be no such network here; null if there can.</summary>
    public static string? WhyNot()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return "A network namespace needs Linux and root.";
        }

        if (!File.Exists("/dev/net/tun"))
        {
            return "A network namespace for emulated machines needs /dev/net/tun, which this system has not.";
        }

        try
        {
            Tool.Try("ip", ["-Version"]);
            return null;
        }
        catch (UserErrorException)
        {
            return "A network namespace needs 'ip'. On Debian: apt-get install iproute2";
        }
    }

    /// <summary>Makes a network with a bridge that has an address: where machines and this Linux meet.</summary>
    /// <param name="address">Address and prefix length: <c>10.9.0.1/24</c>.</param>
    /// <exception cref="UserErrorException">Not root, or not Linux, or iproute2 is missing.</exception>
    public static NetworkNamespace Create(string address)
    {
        var space = new NetworkNamespace();
        try
        {
            space.AddBridge(Bridge, address);
            return space;
        }
        catch
        {
            space.Dispose();
            throw;
        }
    }

    /// <summary>A card for a machine on the bridge of <see cref="Create"/>.</summary>
    /// <param name="model">One of <see cref="NetworkCard.Models"/>.</param>
    public NetworkCard NewCard(string model)
    {
        var card = NetworkCard.OnTap(model, AddTap(Bridge), Name);
        return card with { Address = string.Create(CultureInfo.InvariantCulture, $"52:54:00:12:34:{interfaces:x2}") };
    }

    /// <summary>Switches a machine on whose card is on this network.</summary>
    public QemuMachine Start(MachineOptions options) => QemuMachine.Start(options);

    /// <summary>Makes a bridge and gives it an address.</summary>
    /// <param name="name">The bridge's name.</param>
    /// <param name="address">Address and prefix length: <c>10.9.0.1/24</c>.</param>
    public void AddBridge(string name, string address)
    {
        Configure("link", "add", name, "type", "bridge", "stp_state", "0", "forward_delay", "0", "mcast_snooping", "0");
        AddAddress(name, address);
        Configure("link", "set", name, "up");
    }

    /// <summary>Gives an interface an address.</summary>
    public void AddAddress(string device, string address) => Configure("addr", "add", address, "dev", device);

    /// <summary>Makes a tap interface that a QEMU in this namespace can open.</summary>
    /// <param name="bridge">The bridge it is plugged into; null for none.</param>
    /// <returns>Its name.</returns>
    public string AddTap(string? bridge = null)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"tap{interfaces++}");
        Configure("tuntap", "add", "dev", name, "mode", "tap");
        if (bridge is not null)
        {
            Configure("link", "set", name, "master", bridge);
        }

        Configure("link", "set", name, "up");
        return name;
    }

    /// <summary>Sets one of this Linux's figures for this network, by its path under <c>/proc/sys</c>.</summary>
    public void Set(string figure, string value) => Inside(() =>
    {
        File.WriteAllText(Path.Combine("/proc/sys", figure), value);
        return true;
    });

    /// <summary>Runs <c>ip</c> on this network.</summary>
    public void Configure(params IEnumerable<string> arguments) => Tool.Run("ip", ["-n", Name, .. arguments]);

    /// <summary>Runs a program in this network; it must succeed.</summary>
    /// <returns>Its standard output.</returns>
    public string Run(string program, params IEnumerable<string> arguments) =>
        Tool.Run("ip", ["netns", "exec", Name, program, .. arguments]);

    /// <summary>Runs a program in this network.</summary>
    /// <returns>Its exit code, its standard output, and its errors.</returns>
    public (int Code, string Output, string Errors) Try(string program, params IEnumerable<string> arguments) =>
        Tool.Try("ip", ["netns", "exec", Name, program, .. arguments]);

    /// <summary>Starts a program in this network that runs until the network goes, or is killed before.</summary>
    public Process Start(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("ip", ["netns", "exec", Name, program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C";
        var process = Process.Start(start)!;
        lock (started)
        {
            started.Add(process);
        }

        return process;
    }

    /// <summary>Does something on a thread of this network. A socket made there stays in it, whoever uses it.</summary>
    public T Inside<T>(Func<T> act) => Inside(Name, act);

    /// <summary>Does something on a thread of the network of that name.</summary>
    public static T Inside<T>(string name, Func<T> act)
    {
        T result = default!;
        ExceptionDispatchInfo? problem = null;
        var thread = new Thread(() =>
        {
            try
            {
                Enter(name);
                result = act();
            }
            catch (Exception thrown)
            {
                // Thrown again by the caller's own thread.
                problem = ExceptionDispatchInfo.Capture(thrown);
            }
        });
        thread.Start();
        thread.Join();
        problem?.Throw();
        return result;
    }

    /// <summary>A socket of this network.</summary>
    public Socket NewSocket(SocketType type, ProtocolType protocol) =>
        Inside(() => new Socket(AddressFamily.InterNetwork, type, protocol));

    /// <summary>Opens a TCP connection from this network.</summary>
    /// <exception cref="SocketException">It was refused.</exception>
    /// <exception cref="TimeoutException">Nothing answered.</exception>
    public async Task<Socket> ConnectAsync(IPEndPoint peer, TimeSpan patience)
    {
        var socket = NewSocket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.ReceiveTimeout = socket.SendTimeout = (int)patience.TotalMilliseconds;
            socket.NoDelay = true;
            await socket.ConnectAsync(peer).WaitAsync(patience).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!Existing.TryRemove(Name, out _))
        {
            return;
        }

        lock (started)
        {
            foreach (var process in started)
            {
                End(process);
            }
        }

        Tool.Try("ip", ["netns", "del", Name]);
    }

    // Namespaces outlive their makers. The number in the name tells whether the maker still lives.
    private static void RemoveOrphans()
    {
        if (!System.IO.Directory.Exists(Directory))
        {
            return;
        }

        foreach (var file in System.IO.Directory.EnumerateFiles(Directory, Prefix + "*"))
        {
            var name = Path.GetFileName(file);
            var words = name.Split('-');
            if (words.Length == 3 && int.TryParse(words[1], CultureInfo.InvariantCulture, out var id)
                && !System.IO.Directory.Exists($"/proc/{id.ToString(CultureInfo.InvariantCulture)}"))
            {
                Tool.Try("ip", ["netns", "del", name]);
            }
        }
    }

    private static void End(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
        catch (InvalidOperationException)
        {
            // It ended between the question and the blow.
        }

        process.Dispose();
    }

    private static void Enter(string name)
    {
        var handle = Libc.Open(Path.Combine(Directory, name), Libc.ReadOnlyCloseOnExec);
        try
        {
            if (handle < 0 || Libc.SetNamespace(handle, Libc.NetworkNamespaceKind) < 0)
            {
                throw new UserErrorException($"The network {name} cannot be entered: {Libc.LastError()}.");
            }
        }
        finally
        {
            if (handle >= 0)
            {
                Libc.Close(handle);
            }
        }
    }
}
