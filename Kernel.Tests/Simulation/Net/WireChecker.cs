using System;
using System.Collections.Generic;
using System.Text;
using HaukiOS.Hardware;

namespace HaukiOS.Tests.Simulation.Net;

/// <summary>A rule was broken in the simulated network. The message tells which, and how to see it again.</summary>
internal sealed class SimulationFaultException(string message) : Exception(message);

/// <summary>
/// Watches every frame that leaves a host and every one that reaches it, and fails at the first that breaks a rule of
/// form, or of TCP. Keeps the last frames for the report.
/// </summary>
internal sealed class WireChecker
{
    private static readonly int TraceLength = NetLab.ReadNumber("HAUKI_TRACE") ?? 48;

    private readonly WireFrame frame = new();
    private readonly Dictionary<FlowKey, TcpFlow> flows = [];
    private readonly (string Label, Instant When, int Length, byte[] Bytes)[] trace =
        new (string, Instant, int, byte[])[TraceLength];
    private int traced;

    /// <summary>Frames that left a host.</summary>
    public long Frames { get; private set; }

    /// <summary>TCP segments among them.</summary>
    public long Segments { get; private set; }

    /// <summary>TCP segments with data that had been sent before.</summary>
    public long Retransmissions => Sum(flow => flow.Retransmissions);

    /// <summary>TCP segments sent again though the host knew that they had arrived.</summary>
    public long Needless => Sum(flow => flow.Needless);

    /// <summary>Without, only the form of frames is checked: where strangers forge segments.</summary>
    public bool FollowsConversations { get; set; } = true;

    /// <summary>The frame looked at last.</summary>
    public WireFrame Last => frame;

    /// <summary>A host sends a frame.</summary>
    public void OnSent(SimulatedHost host, ReadOnlySpan<byte> bytes, Instant now)
    {
        Frames++;
        Trace(host.SentLabel, bytes, now);
        string? fault = frame.Read(bytes);
        fault ??= frame.Source != host.Address.Value ? "a foreign Ethernet source" : CheckAddress(host);
        if (fault is null && frame.Kind == WireKind.Tcp)
        {
            Segments++;
            if (FollowsConversations)
            {
                TcpFlow flow = FlowOf(new FlowKey(host.Index, frame.To, frame.FromPort, frame.ToPort));
                fault = flow.OnSent(frame, host.Mtu, now);
            }
        }

        if (fault is not null)
        {
            throw new SimulationFaultException(
                $"{host.Name} sent {fault}: {frame}\n{Convert.ToHexString(bytes)}\n{Report()}");
        }
    }

    /// <summary>An undamaged frame reaches a host, before the host looks at it.</summary>
    public void OnDelivered(SimulatedHost host, ReadOnlySpan<byte> bytes, Instant now)
    {
        Trace(host.ReceivedLabel, bytes, now);
        if (!FollowsConversations || frame.Read(bytes, checkSums: false) is not null
            || frame.Destination != host.Address.Value)
        {
            return;
        }

        if (frame is { Kind: WireKind.Icmp, IcmpType: 3, IcmpCode: 4 })
        {
            foreach ((FlowKey key, TcpFlow flow) in flows)
            {
                if (key.Host == host.Index)
                {
                    flow.OnRefused();
                }
            }
        }
        else if (frame.Kind == WireKind.Tcp)
        {
            FlowOf(new FlowKey(host.Index, frame.From, frame.ToPort, frame.FromPort)).OnDelivered(frame, now);
        }
    }

    /// <summary>A host has stood still and knows it: what is outstanding may be sent again.</summary>
    public void OnLanded(SimulatedHost host)
    {
        foreach ((FlowKey key, TcpFlow flow) in flows)
        {
            if (key.Host == host.Index)
            {
                flow.OnLanded();
            }
        }
    }

    /// <summary>Something else that helps to understand the last frames.</summary>
    public void Note(string label, Instant now) => Trace(label, default, now);

    /// <summary>The last frames.</summary>
    public string Report()
    {
        StringBuilder text = new();
        WireFrame one = new();
        for (int i = Math.Max(0, traced - TraceLength); i < traced; i++)
        {
            (string label, Instant when, int length, byte[] bytes) = trace[i % TraceLength];
            string? fault = length == 0 ? null : one.Read(bytes.AsSpan(0, length));
            text.Append($"{when.Nanoseconds / 1000,12} us  {label} ");
            text.AppendLine(length == 0 ? "" : $"{one}{(fault is null ? "" : $" ({fault})")}");
        }

        return text.ToString();
    }

    private long Sum(Func<TcpFlow, int> part)
    {
        long sum = 0;
        foreach (TcpFlow flow in flows.Values)
        {
            sum += part(flow);
        }

        return sum;
    }

    private string? CheckAddress(SimulatedHost host)
    {
        if (frame.Kind is WireKind.Other or WireKind.Arp)
        {
            return null;
        }

        if (frame.IpTotal > host.Mtu)
        {
            return $"a packet of {frame.IpTotal} bytes over an MTU of {host.Mtu}";
        }

        bool mayBeNameless = frame.From == 0 && frame.Kind == WireKind.Udp && frame.ToPort == 67;
        return frame.From == host.Ip.Value || mayBeNameless ? null : "from an address that is not its own";
    }

    private TcpFlow FlowOf(FlowKey key)
    {
        if (!flows.TryGetValue(key, out TcpFlow? flow))
        {
            flow = new TcpFlow();
            flows.Add(key, flow);
        }

        return flow;
    }

    private void Trace(string label, ReadOnlySpan<byte> bytes, Instant now)
    {
        ref (string Label, Instant When, int Length, byte[] Bytes) entry = ref trace[traced++ % TraceLength];
        entry.Bytes ??= new byte[1514];
        int length = Math.Min(bytes.Length, entry.Bytes.Length);
        bytes[..length].CopyTo(entry.Bytes);
        (entry.Label, entry.When, entry.Length) = (label, now, length);
    }

    private readonly record struct FlowKey(int Host, uint Remote, ushort LocalPort, ushort RemotePort);
}
