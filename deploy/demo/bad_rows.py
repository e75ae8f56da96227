"""The bad rows of the member file: every mistake that a hand, a spreadsheet or an old system makes."""

_LONG = "Maximiliana-" * 9  # 108 characters


def bad_rows() -> tuple[str, ...]:
    """Return raw lines, each with one mistake; `{above}` stands for the reference of the row above."""
    return (
        "B000001,郑小北,女,zh,Asia/Shanghai,1988-02-30,,zheng.b1@example.com,,yes,",
        "B000002,Lena Hoffmann,F,en,Europe/Berlin,1990-02-29,,lena.b2@example.com,,yes,",
        "B000003,周大海,男,zh,Asia/Shanghai,1990-L04-15,lunar,zhou.b3@example.com,,yes,",
        "B000004,吴冬梅,女,zh,Asia/Shanghai,1985-01-30,农历,wu.b4@example.com,,yes,",
        "B000005,谢小满,,zh,Asia/Shanghai,1979-06-31,lunar,xie.b5@example.com,,yes,",
        "B000006,Ian Wright,M,en,Europe/London,1981-13-05,,ian.b6@example.com,,yes,",
        "B000007,何未来,男,zh,Asia/Shanghai,2093-05-01,,he.b7@example.com,,yes,",
        "B000008,唐古月,,zh,Asia/Shanghai,1899-08-08,,tang.b8@example.com,,yes,",
        "B000009,马跃,男,zh,Asia/Shanghai,1988/5/3,,ma.b9@example.com,,yes,",
        "B000010,Rose Clark,F,en,America/New_York,May 3,,rose.b10@example.com,,yes,",
        "B000011,冯春,女,zh,Asia/Shanghai,1990-L05-15,solar,feng.b11@example.com,,yes,",
        "B000012,韩冰,女,zh,Asia/Shanghai,1975-03-04,,han.bing@,,yes,",
        "B000013,Paul Grey,M,en,Europe/London,1975-03-04,,paul.grey.example.com,,yes,",
        "B000014,曹阳,男,zh,Asia/Shanghai,1975-03-04,,cao yang@example.com,,yes,",
        "B000015,邓丽,女,zh,Asia/Shanghai,1975-03-04,,deng@example..com,,yes,",
        "B000016,彭亮,男,zh,Asia/Shanghai,1966-09-09,,peng.b16@example.com,12345,yes,",
        "B000017,Kate Moor,F,en,America/Los_Angeles,1966-09-09,,kate.b17@example.com,call the office,yes,",
        f"B000018,{_LONG},F,en,Europe/Berlin,1971-07-07,,max.b18@example.com,,yes,",
        "B000019,,男,zh,Asia/Shanghai,1971-07-07,,nobody.b19@example.com,,yes,",
        ",肖无名,女,zh,Asia/Shanghai,1971-07-07,,xiao.b20@example.com,,yes,",
        "B000021,田野,男,zh,Asia/Shangai,1992-12-12,,tian.b21@example.com,,yes,",
        "B000022,Sam Field,M,en,UTC+8,1992-12-12,,sam.b22@example.com,,yes,",
        "B000023,董未,x,zh,Asia/Shanghai,1992-12-12,,dong.b23@example.com,,yes,",
        "B000024,Marie Petit,F,fr,Europe/Paris,1992-12-12,,marie.b24@example.com,,yes,",
        "B000025,袁历,男,zh,Asia/Shanghai,1992-12-12,julian,yuan.b25@example.com,,yes,",
        "B000026,潘或,女,zh,Asia/Shanghai,1992-12-12,,pan.b26@example.com,,maybe,",
        "B000027,蒋短,男,zh,Asia/Shanghai",
        "B000028,Smith, Joan,F,en,Europe/London,1960-10-10,,joan.b28@example.com,,yes,",
        'B000029,"Anna" Berg,F,en,Europe/Berlin,1960-10-10,,anna.b29@example.com,,yes,',
        "{above},蔡重,男,zh,Asia/Shanghai,1983-04-04,,cai.b30@example.com,,yes,",
        "{above},Double Entry,M,en,Europe/London,1983-04-04,,double.b31@example.com,,yes,",
    )
