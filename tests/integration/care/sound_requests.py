"""A request of each kind that care accepts, in the order in which they lead to one another."""

from collections.abc import Sequence

SOUND: Sequence[tuple[str, str]] = (
    (
        "CreateMember",
        """member { name: "Anna Smith" language: LANGUAGE_EN time_zone: "Asia/Shanghai" email: "anna@example.com"
        phone: "+8613800138000" wechat_id: "o1" tags: "vip" customer_id: "cus_00000000000000000000000001"
        birthday { calendar: BIRTHDAY_CALENDAR_LUNAR year: 1990 month: 4 day: 15 } }""",
    ),
    ("ListMembers", 'filter { customer_id: "cus_00000000000000000000000001" } page_size: 5'),
    (
        "RecordConsent",
        """member_id: "$member" channel: CHANNEL_EMAIL purpose: PURPOSE_CARE granted: true proof: "form 17"
        source: CONSENT_SOURCE_PERSON time { seconds: 1790000000 }""",
    ),
    ("ListMemberTimeline", 'member_id: "$member" page_size: 5'),
    ("DefineAttribute", 'attribute { name: "shoe_size" type: ATTRIBUTE_TYPE_NUMBER label_en: "Shoe" label_zh: "鞋" }'),
    (
        "ImportMembers",
        r"""content: "external_ref,name,birthday,birthday_calendar\nA1,Anna,1990-04-15,lunar\n" """,
    ),
    (
        "CreateSegment",
        """segment { name: "VIP" rule { all { rules { tag { any_of: "vip" } }
        rules { birthday { range { from_date: "2026-01-01" to_date: "2026-12-31" } } }
        rules { act { name: "bought" at_least: 1 days: 30 } } } } }""",
    ),
    ("PreviewSegment", 'rule { answer { survey: "visit" at_most: 6 days: 90 } } sample_size: 3'),
    ("ExplainMembership", 'segment_id: "$segment" member_id: "$member"'),
    (
        "RecordActs",
        'acts { member_id: "$member" name: "bought" occurred_time { seconds: 1790000000 } key: "order-1" }',
    ),
    (
        "CreateCampaign",
        """name: "Birthdays" plan { send_at: "09:00" catch_up_days: 3 purpose: PURPOSE_CARE channels: CHANNEL_EMAIL
        trigger { birthday { days_before: 3 } } audience { segment_id: "$segment" } holdout { basis_points: 500 }
        variants { name: "a" weight: 1 } variants { name: "b" weight: 1 } goal { act: "bought" window_days: 7 }
        templates { language: LANGUAGE_EN subject: "Hi" body: "Dear {{ member.name }}" channel: CHANNEL_EMAIL }
        templates { language: LANGUAGE_ZH_HANS subject: "您好" body: "{{ member.name }}" channel: CHANNEL_EMAIL } }""",
    ),
    ("CommentOnCampaign", 'campaign_id: "$campaign" text: "looks good"'),
    ("CheckCampaign", 'campaign_id: "$campaign"'),
    ("PreviewCampaignMessage", 'campaign_id: "$campaign" member_id: "$member"'),
    ("PreviewCampaignRun", 'campaign_id: "$campaign" date: "2026-11-22" page_size: 5'),
    ("ReportCampaignResults", 'campaign_id: "$campaign"'),
    (
        "CreateWords",
        """code: "birthday" name: "Birthday" channel: CHANNEL_EMAIL purpose: PURPOSE_CARE
        texts { language: LANGUAGE_EN subject: "Hi" body: "Hello {{ member.name }}" }""",
    ),
    ("EarnPoints", 'member_id: "$member" points: 100 key: "order-1" reason: "order" expires_on: "2099-12-31"'),
    ("RedeemPoints", 'member_id: "$member" points: 1 key: "mug-1" reason: "mug"'),
    ("GrantWechatCredits", 'member_id: "$member" template_id: "t1" count: 2 request_id: "grant-1"'),
    (
        "CreateBlackout",
        """blackout { name_en: "Remembrance" name_zh: "纪念日" behaviour: BLACKOUT_MOVE_FORWARD
        days { span: BLACKOUT_SPAN_DATED first_date: "2026-12-13" last_date: "2026-12-14" } }""",
    ),
    (
        "CreateOccasion",
        """name_en: "Company day" name_zh: "司庆日"
        rule { kind: OCCASION_KIND_SOLAR_DATE month: 6 day: 7 }""",
    ),
    ("GetCareCalendar", 'month: "2026-11"'),
    ("GetCareAgenda", 'month: "2026-11"'),
    (
        "CreateProvider",
        """provider { channel: CHANNEL_SMS kind: PROVIDER_KIND_TWILIO_SMS name: "Twilio"
        settings { name: "account_sid" value: "AC1" } settings { name: "from" value: "+15005550006" }
        secrets { name: "auth_token" value: "TWILIO_TOKEN" } per_second: 5 number_limits { most: 3 minutes: 60 } }""",
    ),
    (
        "CreateServicePlan",
        """customer_id: "cus_00000000000000000000000001" year: 2027 start_date: "2027-01-01" title: "Key"
        items { code: "review" topic: "Review" months: [1, 4, 7, 10] day: 15 }
        manager_id: "emp_00000000000000000000000001" """,
    ),
    ("CopyServicePlan", 'service_plan_id: "$plan" year: 2028'),
    (
        "LogAttempt",
        'visit_id: "$visit" outcome: ATTEMPT_OUTCOME_NO_ANSWER note: "nobody"',
    ),
    ("RescheduleVisit", 'visit_id: "$visit" due_date: "$tomorrow" reason: "on holiday"'),
    (
        "UpdateSendingSettings",
        """settings { quiet_hours { start: "22:00" end: "08:00" channels: CHANNEL_SMS }
        caps { most: 3 period: CAP_PERIOD_ROLLING rolling_hours: 168 purposes: PURPOSE_MARKETING } }""",
    ),
    ("DeleteBlackout", 'blackout_id: "$blackout" etag: "1"'),
)
"""Method and request as text; `$member` stands for the id of a member that is there, `$tomorrow` for a day."""
