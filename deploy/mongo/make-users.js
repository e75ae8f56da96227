// Makes, or corrects, one user for each service: it may read and write its own database and no other.
for (const service of ["contracts", "care", "feedback", "kpi"]) {
  const own = db.getSiblingDB(`membercare_${service}`);
  const user = {
    pwd: process.env[`${service.toUpperCase()}_MONGO_PASSWORD`],
    roles: [{ role: "readWrite", db: `membercare_${service}` }],
  };
  if (own.getUser(service)) {
    own.updateUser(service, user);
  } else {
    own.createUser({ user: service, ...user });
  }
}
