using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using HaukiOS.Hardware;
using HaukiOS.Net;
using NUnit.Framework;
using static HaukiOS.Tests.Simulation.Net.NetLab;

namespace HaukiOS.Tests.Simulation.Net;

/// <summary>
/// The state of a stack is plain memory: written as bytes in the middle of everything and made anew of them, it goes
/// on, and no peer notices.
/// </summary>
[TestFixture]
public sealed class StateTests
{
    private const ushort Port = 5000;

    [Test]
    public void A_fresh_stack_is_the_same_after_it_was_written_and_read()
    {
        NetLab lab = new(1);
        StateImage image = StateGraph.Save(lab.A.Stack);
        List<object> restored = StateGraph.Restore(image.Bytes);
        Assert.That(restored[0], Is.TypeOf<NetworkStack>());
        Assert.That(StateGraph.Save(restored[0]).Bytes, Is.EqualTo(image.Bytes));
        Assert.That(image.Bytes, Has.Length.LessThan(2 << 20));
    }

    [Test]
    public void What_cannot_travel_is_refused()
    {
        ReadyList list = new();
        UdpSocket socket = new NetLab(1).A.Stack.Udp.Open(1, out _)!;
        socket.Owner = new Foreigner();
        list.Mark(socket);
        Assert.Throws<StateException>(() => StateGraph.Save(list));
        Assert.That(StateGraph.Save(list, socket.Owner).Bytes, Is.Not.Empty);
        Assert.Throws<StateException>(() => StateGraph.Save(new Action(() => { })));
        Assert.Throws<StateException>(() => StateGraph.Save(new System.IO.MemoryStream()));
    }

    [Test]
    public void The_stack_keeps_nothing_that_changes_in_static_fields()
    {
        IEnumerable<string> wrong =
            from type in typeof(NetworkStack).Assembly.GetTypes()
            where type.Namespace == "HaukiOS.Net" && !type.Name.Contains('<')
            from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            where !field.IsLiteral && !IsConstant(field)
            select $"{type.Name}.{field.Name}";
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void A_stack_is_moved_again_and_again_and_its_conversations_go_on() => ForSeeds(20_000, 3, seed =>
    {
        NetLab lab = new(seed, script: TransferTests.RandomLink(new Random(seed)));
        Conversations talk = new(lab);
        talk.Listen(lab.B, Port);
        for (int i = 0; i < 3; i++)
        {
            TalkPlan plan = TransferTests.RandomPlan(lab.Random, 200_000);
            talk.Call(lab.A, lab.B, Port, plan, TransferTests.RandomPlan(lab.Random, 200_000));
        }

        int moves = 0;
        while (!talk.All.TrueForAll(one => one.IsOver) && moves < 25)
        {
            lab.Run(lab.Random.NextInt64(100 * Millisecond));
            Move(lab, lab.Random.Next(2) == 0 ? lab.A : lab.B, talk);
            moves++;
        }

        talk.RunToEnd();
        talk.Check();
        lab.RequireClean();
    });

    [TestCase(TcpState.SynSent)]
    [TestCase(TcpState.SynReceived)]
    [TestCase(TcpState.Established)]
    [TestCase(TcpState.FinWait1)]
    [TestCase(TcpState.FinWait2)]
    [TestCase(TcpState.CloseWait)]
    [TestCase(TcpState.Closing)]
    [TestCase(TcpState.LastAck)]
    [TestCase(TcpState.TimeWait)]
    public void A_stack_is_moved_in_every_state_of_a_connection(TcpState state)
    {
        MeetIn(state, 40, 5, Move);
    }

    [Test]
    public void Two_runs_of_one_seed_end_in_the_same_bytes()
    {
        Assert.That(BytesAfter(31), Is.EqualTo(BytesAfter(31)));
        Assert.That(BytesAfter(32), Is.Not.EqualTo(BytesAfter(31)));
    }

    private static byte[] BytesAfter(int seed)
    {
        NetLab lab = new(seed, script: new LinkScript { Loss = 0.03, Jitter = Millisecond });
        Conversations talk = new(lab);
        talk.Listen(lab.B, Port);
        talk.Call(lab.A, lab.B, Port, new TalkPlan { Bytes = 300_000 }, new TalkPlan { Bytes = 300_000 });
        lab.Run(2 * Second);
        return StateGraph.Save(lab.A.Stack, StateGraph.Outsiders(lab.A.Stack)).Bytes;
    }

    /// <summary>Lets conversations come to a state, does something to the host in it, and lets them end.</summary>
    /// <param name="state">Of one of the connections.</param>
    /// <param name="seedsMax">Conversations tried, at most.</param>
    /// <param name="metMax">How often is enough; never is a failure.</param>
    /// <param name="act">What is done.</param>
    internal static void MeetIn(
        TcpState state, int seedsMax, int metMax, Action<NetLab, SimulatedHost, Conversations> act)
    {
        int met = 0;
        for (int seed = 1; seed <= seedsMax && met < metMax; seed++)
        {
            NetLab lab = new(seed, script: new LinkScript { Delay = 20 * Millisecond, Loss = 0.05 });
            Conversations talk = new(lab);
            talk.Listen(lab.B, Port);
            TalkPlan there = new() { Bytes = lab.Random.Next(60_000) };
            TalkPlan back = new() { Bytes = lab.Random.Next(60_000), ShutsDownLast = seed % 3 == 0 };
            talk.Call(lab.A, lab.B, Port, there, back);
            SimulatedHost? found = null;
            lab.RunUntil(() => (found = HostIn(lab, state)) is not null, 60 * Second);
            if (found is not null)
            {
                met++;
                act(lab, found, talk);
            }

            talk.RunToEnd();
            talk.Check();
            lab.RequireClean();
        }

        Assert.That(met, Is.GreaterThan(0), $"no connection was ever in {state}");
    }

    private static SimulatedHost? HostIn(NetLab lab, TcpState state)
    {
        foreach (SimulatedHost host in lab.Hosts)
        {
            TcpLayer tcp = host.Stack.Tcp;
            for (int i = 0; i < tcp.ConnectionCount; i++)
            {
                if (tcp.ConnectionAt(i).State == state)
                {
                    return host;
                }
            }
        }

        return null;
    }

    // Between two events of the simulation, as a move happens between two turns of the loop.
    private static void Move(NetLab lab, SimulatedHost host, Conversations talk)
    {
        object[] owners = StateGraph.Outsiders(host.Stack);
        StateImage image = StateGraph.Save(host.Stack, owners);
        List<object> restored = StateGraph.Restore(image.Bytes, owners);
        NetworkStack moved = (NetworkStack)restored[0];
        Assert.That(
            StateGraph.Save(moved, owners).Bytes.AsSpan().SequenceEqual(image.Bytes), Is.True, "the copy differs");
        foreach (Talker talker in talk.All.SelectMany(one => new[] { one.Caller, one.Callee }).OfType<Talker>())
        {
            int number = image.NumberOf(talker.Connection);
            if (number >= 0)
            {
                talker.Connection = (TcpConnection)restored[number];
            }
        }

        // Whoever still holds on to the old one finds rubbish there.
        StateGraph.Poison(image);
        host.Stack = moved;
        host.Pump();
    }

    // Numbers, texts, tables of numbers, and objects that cannot change.
    private static bool IsConstant(FieldInfo field)
    {
        const BindingFlags All = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        Type type = field.FieldType;
        Type element = type.IsArray ? type.GetElementType()! : type;
        return field.IsInitOnly && (element.IsValueType || element == typeof(string)
            || Array.TrueForAll(element.GetFields(All), inner => inner.IsInitOnly && inner.FieldType.IsValueType));
    }

    private sealed class Foreigner : ISocketOwner
    {
        public void OnSocketReady(NetSocket socket, Instant now)
        {
        }
    }
}
