using Orchestrator.Execution.Devices;

namespace Orchestrator.Tests.Execution.Devices;

public sealed class DeviceHealthTests
{
    [Theory]
    [InlineData(2, 10)]
    [InlineData(4, 6)]
    [InlineData(8, 5)]
    [InlineData(64, 3)]
    public void Add_AllFailOnOneOfEqualDevices_SuspectsThatOneSoon(int devices, int expectedFailures)
    {
        var health = new DeviceHealth(devices);
        var run = 0L;
        for (var round = 1; round <= 100; round++)
        {
            for (var device = devices - 1; device >= 0; device--)
            {
                if (health.Add(1UL << device, run++, failed: device == 1) is var suspected and not 0)
                {
                    Assert.Equal(1UL << 1, suspected);
                    Assert.Equal(expectedFailures, health.FailedOn(1).Count);
                    return;
                }
            }
        }

        Assert.Fail("It was never suspected.");
    }

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.1)]
    [InlineData(0.3)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(1.0)]
    public void Add_RunsFailEverywhereNowAndThen_SuspectsNone(double share)
    {
        var random = new Random(5);
        var health = new DeviceHealth(8);

        for (var run = 0; run < 20_000; run++)
            Assert.Equal(0UL, health.Add(1UL << random.Next(8), run, random.NextDouble() < share));
    }

    [Fact]
    public void Add_AllBeginToFailEverywhere_SuspectsNone()
    {
        var health = new DeviceHealth(4);

        for (var run = 0; run < 2_000; run++)
            Assert.Equal(0UL, health.Add(1UL << (run % 4), run, failed: run >= 1_000));
    }

    [Fact]
    public void Add_OneRunFailsAgainAndAgainOnADevice_SuspectsNone()
    {
        var health = new DeviceHealth(2);

        for (var round = 0; round < 100; round++)
        {
            Assert.Equal(0UL, health.Add(1, 7, failed: true));
            Assert.Equal(0UL, health.Add(2, 100 + round, failed: false));
        }
    }

    [Fact]
    public void Add_SuccessOnTheDevice_BeginsAnew()
    {
        var health = new DeviceHealth(8);
        for (var run = 0; run < 400; run++)
        {
            var device = run % 8;
            Assert.Equal(0UL, health.Add(1UL << device, run, failed: device == 3 && run / 8 % 4 != 0));
        }

        Assert.InRange(health.FailedOn(3).Count, 0, 3);
    }

    [Fact]
    public void Add_RunsOnSeveralDevices_CountForEach()
    {
        var health = new DeviceHealth(4);
        var suspected = 0UL;
        for (var run = 0; suspected == 0 && run < 100; run += 2)
        {
            Assert.Equal(0UL, health.Add(0b1100, run, failed: false));
            suspected = health.Add(0b0011, run + 1, failed: true);
        }

        Assert.Equal(0b0011UL, suspected);
        health.Clear();
        Assert.All(Enumerable.Range(0, 4), d => Assert.Empty(health.FailedOn(d)));
    }

    [Fact]
    public void MayBlame_KindsOfARunThatCameToItsEnd_NoDevice() => Assert.Equal(
        [FailureKind.NonFinite, FailureKind.InvalidResult], Enum.GetValues<FailureKind>().Where(k => !DeviceHealth.MayBlame(k)));
}
